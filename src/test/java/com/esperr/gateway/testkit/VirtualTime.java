package com.esperr.gateway.testkit;

import java.time.Duration;
import java.util.PriorityQueue;

/** A clock that a test turns, and the work that is due meanwhile. Confined to the test's thread. */
public final class VirtualTime {
    private record Task(long at, long order, Runnable work) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
        }
    }

    // Shortly before the numbers wrap around.
    private static final long START = Long.MAX_VALUE - Duration.ofMinutes(10).toNanos();

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long elapsed;
    private long order;

    public long nanos() {
        return START + elapsed;
    }

    public long millis() {
        return 1_777_882_530_120L + elapsed / 1_000_000;
    }

    public Duration elapsed() {
        return Duration.ofNanos(elapsed);
    }

    /** Has work done in so many nanoseconds. */
    public void in(long delayNanos, Runnable task) {
        tasks.add(new Task(elapsed + delayNanos, order++, task));
    }

    /** Lets so much time pass, with everything that is due in it. */
    public void pass(Duration length) {
        long end = elapsed + length.toNanos();
        for (Task next = tasks.peek(); next != null && next.at <= end; next = tasks.peek()) {
            tasks.remove();
            elapsed = Math.max(elapsed, next.at);
            next.work.run();
        }
        elapsed = end;
    }
}
