package com.esperr.gateway.hybrid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the store to disk from time to time, if it has changed, and once more at the end; tidies it as well. Thread-safe;
 * everything that blocks happens on one thread of its own.
 */
final class Snapshots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HybridSource.class);
    private static final long CLOSE_SECONDS = 10;
    private static final long NEVER = -1;

    private final Path file;
    private final Supplier<Snapshot> current;
    private final MitigationStore store;
    private final ScheduledExecutorService thread;
    private final LongAdder failures = new LongAdder();
    private final Duration interval;
    private long written = NEVER;
    private boolean failing;
    private volatile boolean started;

    Snapshots(Path file, Duration interval, Supplier<Snapshot> current, MitigationStore store) {
        this.file = file;
        this.current = current;
        this.store = store;
        this.interval = interval;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "hybrid-snapshot");
            made.setDaemon(true);
            return made;
        });
    }

    /** Begins. */
    void start() {
        started = true;
        long nanos = interval.toNanos();
        // At once, so that the seed outlives even a crash soon after the start: keys under it wait in the beacon's
        // spool.
        var unused = thread.scheduleWithFixedDelay(this::write, 0, nanos, TimeUnit.NANOSECONDS);
    }

    /** What was saved before, or null; a file that cannot be used is reported and otherwise taken for none. */
    static @Nullable Snapshot load(Path file, long nowMillis, long most) {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return Snapshot.read(file, nowMillis, most);
        } catch (IOException | RuntimeException unusable) {
            LOG.warn("hybrid.snapshot: {} cannot be used, nothing is remembered: {}", file, unusable.toString());
            return null;
        }
    }

    /** How often it could not be written. */
    long failures() {
        return failures.sum();
    }

    @Override
    public void close() {
        if (started) {
            thread.execute(this::write);
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("hybrid.snapshot: {} was not written in time", file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        store.tidy();
        long changes = store.changes();
        if (changes == written) {
            return;
        }
        try {
            current.get().write(file);
            written = changes;
            if (failing) {
                failing = false;
                LOG.info("hybrid.snapshot: {} can be written again", file);
            }
        } catch (IOException | RuntimeException failed) {
            failures.increment();
            if (!failing) {
                failing = true;
                LOG.warn("hybrid.snapshot: {} cannot be written: {}", file, failed.toString());
            }
        }
    }
}
