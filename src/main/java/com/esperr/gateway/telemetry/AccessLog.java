package com.esperr.gateway.telemetry;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.exchange.ExchangeRecord;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log: one line of JSON per finished exchange. Thread-safe. The event loop of the exchange encodes the line into
 * a buffer of its own and leaves a copy in a bounded queue; one daemon thread writes. The event loop never waits and never
 * wakes anybody: a full queue costs the line, which is counted.
 */
public final class AccessLog implements ExchangeListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final Duration CLOSE_TIME = Duration.ofSeconds(2);

    private static final ThreadLocal<AccessLine> LINES = ThreadLocal.withInitial(AccessLine::new);

    private final MessagePassingQueue<byte[]> queue;
    private final LongAdder dropped = new LongAdder();
    private final LineWriter writer;
    private final boolean ja4;
    private volatile boolean closed;

    /**
     * A log that writes to {@code sink}.
     *
     * @param sink owned from now on and closed with the log
     * @param capacity how many lines may wait, rounded up to a power of two
     */
    AccessLog(OutputStream sink, int capacity) {
        this(sink, capacity, false);
    }

    private AccessLog(OutputStream sink, int capacity, boolean ja4) {
        this.ja4 = ja4;
        // The queue without Unsafe: as fast here, and no warning on newer JDKs.
        this.queue = new MpscAtomicArrayQueue<>(capacity);
        this.writer = new LineWriter(sink, queue, dropped);
    }

    /** Opens the log that {@code config} asks for and starts its writer; not to be called when it is off. */
    public static AccessLog open(LogConfig config) throws IOException {
        return new AccessLog(sink(config.access()), config.accessQueue(), config.ja4()).start();
    }

    private static OutputStream sink(String access) throws IOException {
        if (access.equals(LogConfig.STDOUT)) {
            return new StandardOutput();
        }
        if (access.equals(LogConfig.LOGGER)) {
            return new LoggedLines();
        }
        makePrivate(Path.of(access));
        try {
            return new FileOutputStream(access, true);
        } catch (FileNotFoundException refused) {
            throw new IOException(
                    "log.access: " + refused.getMessage() + " (expected: a file that can be written)", refused);
        }
    }

    /** Makes the file, if there is none, unreadable for strangers: it says who asked for what. */
    private static void makePrivate(Path file) {
        try {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
            }
        } catch (IOException there) {
            LOG.debug("access log: not made anew: {}", there.toString());
        }
    }

    /** Starts the writer. */
    AccessLog start() {
        writer.start();
        return this;
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        line(LINES.get().encode(exchange, ja4));
    }

    /** Writes a line that somebody else made, with its line feed. */
    public void line(byte[] line) {
        if (closed || !queue.offer(line)) {
            dropped.increment();
        }
    }

    /** How many lines were lost: the queue was full, or they could not be written. */
    public long dropped() {
        return dropped.sum();
    }

    /** How many lines wait of those that may. */
    public Fill fill() {
        return Fill.of(Bounded.ACCESS_LOG, queue::size, queue.capacity(), this::dropped);
    }

    /** Writes what waits, for two seconds at the most; a sink that takes nothing is left behind. */
    @Override
    public void close() {
        close(CLOSE_TIME);
    }

    void close(Duration limit) {
        closed = true;
        writer.finish(limit);
        // Counted, not taken: a writer that is stuck in its sink is still the queue's only consumer.
        dropped.add(queue.size());
        long lost = dropped();
        if (lost > 0) {
            LOG.warn("access log: {} lines lost in all{}", lost, causes(lost, writer.unwritten()));
        }
    }

    private String causes(long lost, long unwritten) {
        String written = unwritten == 0 ? "" : ", " + unwritten + " that could not be written: " + writer.trouble();
        long crowded = lost - unwritten;
        return crowded <= 0
                ? written
                : written + ", " + crowded + " for which there was no room (log.access-queue is " + queue.capacity()
                        + ")";
    }

    /** Standard output past {@code System.out}, whose locks and buffers it does not need; never closed. */
    private static final class StandardOutput extends FileOutputStream {
        StandardOutput() {
            super(FileDescriptor.out);
        }

        @Override
        public void close() {
            // Others still have words to say when the log ends.
        }
    }
}
