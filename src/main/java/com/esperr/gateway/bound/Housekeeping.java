package com.esperr.gateway.bound;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where caches put themselves in order: on the common pool, and together every 10 ms. A cache asks for it with every sixteenth look-up, and
 * to wake a thread as often costs more than the look-ups. Until then the cache notes no more of them, which it may at any time. One to which
 * more is written than it can note, at least 128 entries, puts itself in order at once, on the thread that writes. Thread-safe.
 */
public final class Housekeeping implements Executor {
    private static final long PAUSE_MILLIS = 10;
    private static final Housekeeping SHARED = new Housekeeping(
            CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, ForkJoinPool.commonPool()),
            ForkJoinPool.commonPool());

    private final Executor later;
    private final Executor pool;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean expected = new AtomicBoolean();

    /**
     * One of its own.
     *
     * @param later runs what it is given after a while
     * @param pool runs what there is to do then
     */
    Housekeeping(Executor later, Executor pool) {
        this.later = later;
        this.pool = pool;
    }

    /** That of all caches. */
    public static Executor shared() {
        return SHARED;
    }

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        if (expected.compareAndSet(false, true)) {
            later.execute(this::begin);
        }
    }

    private void begin() {
        // Before looking, so that whoever comes too late for this look asks for another.
        expected.set(false);
        for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
            pool.execute(task);
        }
    }
}
