package com.esperr.gateway.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a file that is looked at again and again: one that was added counts soon, one that was revoked soon does not,
 * and a file that cannot be read leaves the keys as they were. Changes are recorded; while they cannot be, keys cease to
 * count but none begins to. Thread-safe; reading and recording block a thread of its own.
 */
public final class LiveKeys implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveKeys.class);

    private volatile KeyFile file;
    private final Ledger ledger;
    private final ScheduledExecutorService thread;
    private final LongAdder reloads = new LongAdder();
    private volatile ApiKeys keys;
    private volatile @Nullable String trouble;
    private volatile Runnable fewer = () -> {};
    private Duration interval;
    private ScheduledFuture<?> looking;
    private @Nullable Stamp seen;
    private ApiKeys recorded;

    private LiveKeys(KeyFile file, Duration interval, Ledger ledger) throws IOException {
        this.file = file;
        this.ledger = ledger;
        this.interval = interval;
        this.seen = Stamp.of(file.path());
        this.recorded = new ApiKeys(file.read());
        this.keys = recorded;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "keys");
            made.setDaemon(true);
            return made;
        });
        this.looking = look(thread, interval);
    }

    private ScheduledFuture<?> look(ScheduledExecutorService by, Duration every) {
        long nanos = every.toNanos();
        return by.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Reads {@code next} at once, and looks at it every {@code every} from then on; blocks.
     *
     * @throws IOException if it cannot be read; then everything is as before
     */
    public synchronized void follow(KeyFile next, Duration every) throws IOException {
        var unused = next.read();
        file = next;
        seen = null;
        look();
        if (!every.equals(interval)) {
            interval = every;
            looking.cancel(false);
            looking = look(thread, every);
        }
    }

    /** Has {@code told} run, on the thread that looks, when keys have ceased to count; it must not block. */
    public void whenFewer(Runnable told) {
        fewer = told;
    }

    /**
     * Reads the file and looks at it every {@code interval} from then on.
     *
     * @param ledger is told of every change from then on, on the thread that looks
     * @throws IOException if it cannot be read
     */
    public static LiveKeys open(KeyFile file, Duration interval, Ledger ledger) throws IOException {
        return new LiveKeys(file, interval, ledger);
    }

    /** Where changes of keys are recorded. */
    @FunctionalInterface
    public interface Ledger {
        /**
         * Records that a key was added, revoked or changed.
         *
         * @param event {@code key-added}, {@code key-revoked} or {@code key-changed}
         * @throws IOException if it is not recorded
         */
        void record(String event, KeyEntry key) throws IOException;
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

    /** Looks once. */
    synchronized void look() {
        try {
            Stamp stamp = Stamp.of(file.path());
            if (Objects.equals(stamp, seen)) {
                return;
            }
            ApiKeys next = new ApiKeys(file.read());
            // At once: whoever revokes a key does not wait for a disk.
            keys = new ApiKeys(keys.entries().stream()
                    .filter(key -> isSame(key, next.entry(key.id())))
                    .toList());
            fewer.run();
            record(next);
            keys = next;
            recorded = next;
            seen = stamp;
            trouble = null;
            reloads.increment();
            LOG.info("keys: {} of {} count now", keys.size(), file.path());
        } catch (IOException | RuntimeException unusable) {
            if (trouble == null) {
                LOG.warn(
                        "keys: {} cannot be used, or its changes not be recorded, and no key is added: {}",
                        file.path(),
                        unusable.toString());
            }
            trouble = "server.keys-file cannot be read, or its changes not be recorded";
        }
    }

    private static boolean isSame(KeyEntry key, @Nullable KeyEntry now) {
        return now != null
                && now.sha256().equals(key.sha256())
                && now.tenantId().equals(key.tenantId());
    }

    private void record(ApiKeys next) throws IOException {
        for (KeyEntry key : recorded.entries()) {
            KeyEntry now = next.entry(key.id());
            if (now == null) {
                ledger.record("key-revoked", key);
            } else if (!now.equals(key)) {
                ledger.record("key-changed", now);
            }
        }
        for (KeyEntry key : next.entries()) {
            if (recorded.entry(key.id()) == null) {
                ledger.record("key-added", key);
            }
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
