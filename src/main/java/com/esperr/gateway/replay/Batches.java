package com.esperr.gateway.replay;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Collects lines and has requests made of them, so many lines at a time. Confined to the reading thread. */
final class Batches implements LogLines.Sink {
    private static final int LINES = 8192;
    private static final int USUAL_BYTES = 4 << 20;
    private static final int SPARE = 4;

    private final Replay.Terms terms;
    private final Sharing sharing;
    private final ExecutorService makers;
    private final BlockingQueue<Future<Batch>> queue;
    private final BlockingQueue<byte[]> spare = new ArrayBlockingQueue<>(SPARE);
    private byte[] bytes = new byte[USUAL_BYTES];
    private int[] ends = new int[LINES];
    private int filled;
    private int lines;

    /** Puts what will be made into {@code queue}, in the order of the lines, and waits while that is full. */
    Batches(Replay.Terms terms, Sharing sharing, ExecutorService makers, BlockingQueue<Future<Batch>> queue) {
        this.terms = terms;
        this.sharing = sharing;
        this.makers = makers;
        this.queue = queue;
    }

    @Override
    public void line(byte[] lent, int from, int length) throws IOException {
        if (length > bytes.length - filled) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, filled + length));
        }
        System.arraycopy(lent, from, bytes, filled, length);
        filled += length;
        ends[lines++] = filled;
        if (lines == LINES) {
            hand();
        }
    }

    /** Hands over what there is. */
    void hand() throws IOException {
        byte[] taken = bytes;
        int[] takenEnds = ends;
        int count = lines;
        try {
            queue.put(makers.submit(() -> {
                Batch made = Batch.of(
                        taken,
                        takenEnds,
                        count,
                        new RecordedRequests(terms.clients(), terms.paths(), terms.routes(), terms.source()),
                        sharing);
                // Nothing of it is kept, and memory that was just read is quicker than memory that nobody has touched.
                spare.offer(taken);
                return made;
            }));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ended);
        }
        byte[] again = spare.poll();
        bytes = again == null ? new byte[Math.max(filled, 1024)] : again;
        ends = new int[LINES];
        filled = 0;
        lines = 0;
    }
}
