package com.esperr.gateway.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MessagePassingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon thread that takes lines from the queue and writes them in batches. It looks every {@value #PAUSE_MILLIS} ms
 * instead of being woken, so that the event loops never pay for a system call; a queue of 8192 lines holds 400,000 lines a
 * second that way. It alone touches the sink.
 */
final class LineWriter extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(LineWriter.class);
    private static final int BATCH_BYTES = 64 * 1024;
    private static final int PAUSE_MILLIS = 20;

    private final OutputStream sink;
    private final MessagePassingQueue<byte[]> queue;
    private final LongAdder dropped;

    private final byte[] batch = new byte[BATCH_BYTES];
    private int batchLength;
    private int batchLines;
    private boolean failing;

    private final LongAdder unwritten = new LongAdder();
    private volatile String trouble = "";
    private volatile boolean finishing;

    LineWriter(OutputStream sink, MessagePassingQueue<byte[]> queue, LongAdder dropped) {
        super("access-log");
        setDaemon(true);
        this.sink = sink;
        this.queue = queue;
        this.dropped = dropped;
    }

    @Override
    public void run() {
        boolean last;
        do {
            // Read before draining: what was offered before finish() is then written.
            last = finishing;
            drain();
            if (!last) {
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            }
        } while (!last);
        try {
            sink.close();
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Ends the thread after what waits now is written, waiting for that at most {@code limit}. */
    void finish(Duration limit) {
        finishing = true;
        LockSupport.unpark(this);
        try {
            join(Math.max(1, limit.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain() {
        for (byte[] line = queue.relaxedPoll(); line != null; line = queue.relaxedPoll()) {
            add(line);
        }
        flush();
    }

    private void add(byte[] line) {
        if (line.length > BATCH_BYTES - batchLength) {
            flush();
        }
        if (line.length > BATCH_BYTES) {
            write(line, line.length, 1);
            return;
        }
        System.arraycopy(line, 0, batch, batchLength, line.length);
        batchLength += line.length;
        batchLines++;
    }

    private void flush() {
        if (batchLength > 0) {
            int length = batchLength;
            int lines = batchLines;
            batchLength = 0;
            batchLines = 0;
            write(batch, length, lines);
        }
    }

    private void write(byte[] bytes, int length, int lines) {
        try {
            if (failing) {
                // A part of a line may be all that could be written; nothing is to be glued to it. In one piece with
                // what comes: a byte by itself still finds room when a line does not, and the log would fill with
                // empty ones.
                byte[] apart = new byte[length + 1];
                apart[0] = '\n';
                System.arraycopy(bytes, 0, apart, 1, length);
                sink.write(apart, 0, apart.length);
            } else {
                sink.write(bytes, 0, length);
            }
            sink.flush();
            if (failing) {
                failing = false;
                LOG.info("access log: written again");
            }
        } catch (IOException e) {
            dropped.add(lines);
            unwritten.add(lines);
            failed(e);
        }
    }

    /** How many lines were lost because they could not be written. */
    long unwritten() {
        return unwritten.sum();
    }

    /** Why they could not, the last time. */
    String trouble() {
        return trouble;
    }

    private void failed(IOException e) {
        trouble = String.valueOf(e.getMessage());
        if (!failing) {
            failing = true;
            LOG.warn("access log: cannot be written, lines are lost: {}", e.getMessage());
        }
    }
}
