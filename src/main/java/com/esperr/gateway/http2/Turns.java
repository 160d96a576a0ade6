package com.esperr.gateway.http2;

import java.util.Arrays;

/**
 * Where the bytes of one connection are to be cut, so that none of them is at work for longer than others can wait: what frames
 * cost is estimated from their heads, and a cut is made before the first that is too much for one turn of the event loop. Confined to
 * the event loop of its connection.
 */
final class Turns {
    /** What is done in one turn, unless one frame alone is more. */
    static final int WORK = 256;

    /** A request costs what so many small frames do. */
    private static final int REQUEST = 16;

    /** Fields may be named by one byte each. */
    private static final int BLOCK_BYTES = 32;

    private static final int DATA_BYTES = 1024;

    private int[] cuts = new int[4];
    private int count;
    private int work;

    /** Forgets the cuts that were made; the turn goes on. */
    void begin() {
        count = 0;
    }

    /** The next turn begins: what was done does not count any longer. */
    void next() {
        work = 0;
    }

    /** A frame whose payload begins at {@code offset}. */
    void frame(boolean request, boolean block, int length, int offset) {
        int more = 1 + (request ? REQUEST : 0) + length / (block ? BLOCK_BYTES : DATA_BYTES);
        if (work > 0 && work + more > WORK) {
            if (count == cuts.length) {
                cuts = Arrays.copyOf(cuts, 2 * count);
            }
            cuts[count++] = offset;
            work = 0;
        }
        work += more;
    }

    /** How many cuts. */
    int count() {
        return count;
    }

    /** Where cut {@code i} is. */
    int cut(int i) {
        return cuts[i];
    }
}
