package com.esperr.gateway.hybrid;

import com.esperr.gateway.state.HashSeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

    private final Path file;
    private final HashSeed seed;
    private final MitigationStore store;
    private final ScheduledExecutorService thread;
    private long written;
    private volatile @Nullable String trouble;

    Snapshots(Path file, Duration interval, HashSeed seed, MitigationStore store) {
        this.file = file;
        this.seed = seed;
        this.store = store;
        this.written = store.changes();
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "hybrid-snapshot");
            made.setDaemon(true);
            return made;
        });
        long nanos = interval.toNanos();
        var unused = thread.scheduleWithFixedDelay(this::write, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** What was saved before, or null; a file that cannot be used is reported and otherwise taken for none. */
    static @Nullable Snapshot load(Path file, long nowMillis, long most) {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return Snapshot.read(file, nowMillis, most);
        } catch (IOException | RuntimeException unusable) {
            LOG.warn("hybrid.snapshot: {} cannot be used and is ignored: {}", file, unusable.toString());
            return null;
        }
    }

    /** Null if the last writing worked, else what went wrong. */
    @Nullable
    String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        thread.execute(this::write);
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
            new Snapshot(seed, store.entries()).write(file);
            written = changes;
            trouble = null;
        } catch (IOException | RuntimeException failed) {
            if (trouble == null) {
                LOG.warn("hybrid.snapshot: {} cannot be written: {}", file, failed.toString());
            }
            trouble = "hybrid.snapshot cannot be written";
        }
    }
}
