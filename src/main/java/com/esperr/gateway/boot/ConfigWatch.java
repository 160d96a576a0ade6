package com.esperr.gateway.boot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that files of the configuration have changed. They are looked at from one daemon thread, or by whoever calls {@link #look}. A
 * change counts when two looks in a row see the same, so that no file is read half written.
 */
final class ConfigWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PATIENCE_MILLIS = 2000;

    private final Supplier<List<Path>> files;
    private final Supplier<Duration> interval;
    private final Runnable changed;
    private final Thread thread = new Thread(this::watch, "configuration");
    private FileStamps settled;
    private @Nullable FileStamps changing;
    private volatile boolean closed;

    /**
     * A watch over {@code files}, which are others when others were read.
     *
     * @param interval how often they are looked at; zero for never
     * @param changed what is done when they have changed; may block
     */
    ConfigWatch(Supplier<List<Path>> files, Supplier<Duration> interval, Runnable changed) {
        this.files = files;
        this.interval = interval;
        this.changed = changed;
        this.settled = FileStamps.now(files.get());
        thread.setDaemon(true);
    }

    /** Looks from now on. */
    void start() {
        thread.start();
    }

    /** Somebody has read the files, which were {@code seen} like this before. */
    synchronized void read(FileStamps seen) {
        settled = seen.of(files.get());
        changing = null;
        LockSupport.unpark(thread);
    }

    /** Looks once; whether something has changed that is to be looked at once more soon. */
    synchronized boolean look() {
        FileStamps now = FileStamps.now(files.get());
        if (now.equals(settled)) {
            changing = null;
            return false;
        }
        if (!now.equals(changing)) {
            changing = now;
            return true;
        }
        changing = null;
        changed.run();
        settled = now.of(files.get());
        return false;
    }

    private void watch() {
        boolean soon = false;
        while (!closed) {
            long nanos = interval.get().toNanos();
            if (soon) {
                LockSupport.parkNanos(this, SETTLE_NANOS);
            } else if (nanos > 0) {
                LockSupport.parkNanos(this, nanos);
            } else {
                LockSupport.park(this);
            }
            if (!closed && !interval.get().isZero()) {
                soon = lookSafely();
            }
        }
    }

    /** A defect must not end what has to go on for months. */
    private boolean lookSafely() {
        try {
            return look();
        } catch (RuntimeException defect) {
            LOG.error("looking at the files of the configuration failed unexpectedly", defect);
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
