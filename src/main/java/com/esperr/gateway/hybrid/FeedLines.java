package com.esperr.gateway.hybrid;

import java.util.Arrays;

/** Puts the lines of a feed together from pieces of any size. Confined to one thread; holds one line at the most. */
final class FeedLines {
    static final int LONGEST = 64 * 1024;
    private static final int FIRST_CAPACITY = 512;

    private byte[] held = new byte[FIRST_CAPACITY];
    private int length;

    /** Takes lines. */
    interface Sink {
        /**
         * A whole line, without its end and never empty; the bytes may change afterwards.
         *
         * @return whether more is wanted
         */
        boolean line(byte[] bytes, int offset, int length) throws BadFeed;
    }

    /**
     * Takes the next piece.
     *
     * @throws BadFeed if a line is too long, or the sink says so
     */
    void add(byte[] piece, Sink sink) throws BadFeed {
        int from = 0;
        for (int at = 0; at < piece.length; at++) {
            if (piece[at] == '\n') {
                boolean wanted = length == 0 ? whole(piece, from, at - from, sink) : rest(piece, from, at - from, sink);
                if (!wanted) {
                    return;
                }
                from = at + 1;
            }
        }
        hold(piece, from, piece.length - from);
    }

    private static boolean whole(byte[] bytes, int from, int count, Sink sink) throws BadFeed {
        if (count > LONGEST) {
            throw tooLong();
        }
        int text = count > 0 && bytes[from + count - 1] == '\r' ? count - 1 : count;
        return text == 0 || sink.line(bytes, from, text);
    }

    private boolean rest(byte[] piece, int from, int count, Sink sink) throws BadFeed {
        hold(piece, from, count);
        int all = length;
        length = 0;
        return whole(held, 0, all, sink);
    }

    private void hold(byte[] piece, int from, int count) throws BadFeed {
        if (count > LONGEST - length) {
            throw tooLong();
        }
        if (count > held.length - length) {
            held = Arrays.copyOf(held, Math.min(LONGEST, Math.max(length + count, 2 * held.length)));
        }
        System.arraycopy(piece, from, held, length, count);
        length += count;
    }

    private static BadFeed tooLong() {
        return new BadFeed("line: more than " + LONGEST + " bytes");
    }
}
