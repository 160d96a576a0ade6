package com.esperr.gateway.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a file that is looked at again and again: one that was added counts soon, one that was revoked soon does not,
 * and a file that cannot be read leaves the keys as they were. Thread-safe; reading blocks a thread of its own.
 */
public final class LiveKeys implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveKeys.class);

    private final KeyFile file;
    private final ScheduledExecutorService thread;
    private final LongAdder reloads = new LongAdder();
    private volatile ApiKeys keys;
    private volatile @Nullable String trouble;
    private @Nullable Stamp seen;

    private LiveKeys(KeyFile file, Duration interval) throws IOException {
        this.file = file;
        this.seen = Stamp.of(file.path());
        this.keys = new ApiKeys(file.read());
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "keys");
            made.setDaemon(true);
            return made;
        });
        long nanos = interval.toNanos();
        var unused = thread.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Reads the file and looks at it every {@code interval} from then on.
     *
     * @throws IOException if it cannot be read
     */
    public static LiveKeys open(KeyFile file, Duration interval) throws IOException {
        return new LiveKeys(file, interval);
    }

    /** The keys that count now. */
    public ApiKeys now() {
        return keys;
    }

    /** How often the file was read again. */
    public long reloads() {
        return reloads.sum();
    }

    /** Null if the file can be read, else what is wrong with it. */
    public @Nullable String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void look() {
        try {
            Stamp stamp = Stamp.of(file.path());
            if (Objects.equals(stamp, seen)) {
                return;
            }
            List<KeyEntry> entries = file.read();
            keys = new ApiKeys(entries);
            seen = stamp;
            trouble = null;
            reloads.increment();
            LOG.info("keys: {} of {} count now", keys.size(), file.path());
        } catch (IOException | RuntimeException unusable) {
            if (trouble == null) {
                LOG.warn("keys: {} cannot be used and the keys stay as they are: {}", file.path(), unusable.toString());
            }
            trouble = "server.keys-file cannot be read";
        }
    }

    /** What tells one version of a file from the next; a replaced file is another inode. */
    private record Stamp(long size, long modified, @Nullable Object inode) {
        static Stamp of(Path path) throws IOException {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(file.size(), file.lastModifiedTime().to(TimeUnit.NANOSECONDS), file.fileKey());
        }
    }
}
