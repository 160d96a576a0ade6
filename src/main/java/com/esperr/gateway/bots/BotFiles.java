package com.esperr.gateway.bots;

import com.esperr.gateway.net.Cidr;
import com.esperr.gateway.signatures.KeyDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files with networks and keys: reads them, and again when they change. What is in a file that can no longer be used stays
 * in force as it was. Looked at from one daemon thread, or by whoever calls {@link #look}; what is in force can be read by any
 * thread.
 */
final class BotFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BotFiles.class);
    private static final long PATIENCE_MILLIS = 2000;
    private static final long MOST_BYTES = 1 << 20;

    private final List<KnownBot> bots;
    private final Map<Path, String> stamps = new HashMap<>();
    private final Map<Path, List<Cidr>> networks = new HashMap<>();
    private final Map<Path, KeyDirectory> keys = new HashMap<>();
    private final LongAdder reloads = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile Ranges ranges;
    private volatile Map<Path, KeyDirectory> directories = Map.of();
    private volatile boolean closed;
    private @Nullable Thread thread;

    /** The files of {@code bots}, read once. */
    BotFiles(List<KnownBot> bots) {
        this.bots = bots;
        this.ranges = Ranges.of(bots, file -> List.of());
        look();
    }

    /** Looks from now on, once an interval. */
    void start(Duration interval) {
        boolean any = bots.stream()
                .anyMatch(bot -> !bot.ranges().isEmpty() || !bot.keys().isEmpty());
        if (any && !interval.isZero()) {
            Thread looking = new Thread(() -> watch(interval), "bots");
            looking.setDaemon(true);
            thread = looking;
            looking.start();
        }
    }

    /** The networks in force. */
    Ranges ranges() {
        return ranges;
    }

    /** The keys in the file, or null if it has never been read. */
    @Nullable
    KeyDirectory directory(Path file) {
        return directories.get(file);
    }

    /** How often other content came into force. */
    long reloads() {
        return reloads.sum();
    }

    /** How often a file could not be used. */
    long refused() {
        return refused.sum();
    }

    /** Reads what has changed; blocks on the file system. Answers whether other content is in force. */
    synchronized boolean look() {
        boolean changed = false;
        for (KnownBot bot : bots) {
            for (Path file : bot.ranges()) {
                changed |= look(file, () -> networks.put(file, RangeFile.read(file)));
            }
            for (KeySource source : bot.keys()) {
                Path file = source.file();
                if (file != null) {
                    changed |= look(file, () -> keys.put(file, keys(file)));
                }
            }
        }
        if (changed) {
            ranges = Ranges.of(bots, file -> networks.getOrDefault(file, List.of()));
            directories = Map.copyOf(keys);
            reloads.increment();
        }
        return changed;
    }

    private boolean look(Path file, Reading reading) {
        String stamp = stamp(file);
        if (stamp.equals(stamps.put(file, stamp))) {
            return false;
        }
        try {
            reading.read();
            return true;
        } catch (IOException | RuntimeException unusable) {
            refused.increment();
            LOG.warn("bots: {} cannot be used, what it said before stays: {}", file, reason(unusable));
            return false;
        }
    }

    private static String stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file);
        } catch (IOException gone) {
            return "gone";
        }
    }

    /** The keys in {@code file}. */
    static KeyDirectory keys(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("more than 1 MiB");
        }
        try {
            return KeyDirectory.parse(Files.readAllBytes(file));
        } catch (IllegalArgumentException unusable) {
            throw new IOException(unusable.getMessage(), unusable);
        }
    }

    /** Why a file cannot be used, in words. */
    static String reason(Exception failure) {
        return failure instanceof NoSuchFileException ? "not there" : String.valueOf(failure.getMessage());
    }

    private void watch(Duration interval) {
        while (!closed) {
            LockSupport.parkNanos(interval.toNanos());
            if (!closed) {
                try {
                    if (look()) {
                        LOG.info("bots: files have changed and are in force, {} networks", ranges.networks());
                    }
                } catch (RuntimeException defect) {
                    LOG.error("bots: looking for changed files failed", defect);
                }
            }
        }
    }

    /** Looks no more. */
    @Override
    public void close() {
        closed = true;
        Thread looking = thread;
        if (looking != null) {
            LockSupport.unpark(looking);
            try {
                looking.join(PATIENCE_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Reads one file. */
    private interface Reading {
        void read() throws IOException;
    }
}
