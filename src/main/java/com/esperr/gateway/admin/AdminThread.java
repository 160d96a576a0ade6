package com.esperr.gateway.admin;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** A daemon thread on which endpoints answer, with a bounded queue; it exists only while it is used. Thread-safe. */
final class AdminThread implements AutoCloseable {
    private static final int IDLE_SECONDS = 30;

    private final ThreadPoolExecutor executor;
    private final LongAdder refused = new LongAdder();
    private final Bounded what;
    private final int most;

    /** One called {@code name}, for which {@code queue} at the most wait, known as {@code what}. */
    AdminThread(String name, Bounded what, int queue) {
        this.what = what;
        this.most = queue;
        this.executor = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), work -> thread(name, work));
        executor.allowCoreThreadTimeOut(true);
    }

    /** Has {@code work} done soon, or answers false when too much waits already or the port is closed. */
    boolean offer(Runnable work) {
        try {
            executor.execute(work);
            return true;
        } catch (RejectedExecutionException full) {
            refused.increment();
            return false;
        }
    }

    /** How much waits of what may. */
    Fill fill() {
        return Fill.of(what, () -> executor.getQueue().size(), most, refused::sum);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
