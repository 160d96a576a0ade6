package com.esperr.gateway.beacon;

import java.time.Duration;
import java.util.PriorityQueue;

/** A clock that a test turns, and the work that is due meanwhile. Confined to the test's thread. */
final class VirtualTime implements Publisher.Timer {
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

    long nanos() {
        return START + elapsed;
    }

    long millis() {
        return 1_777_882_530_120L + elapsed / 1_000_000;
    }

    Duration elapsed() {
        return Duration.ofNanos(elapsed);
    }

    @Override
    public void in(long delayNanos, Runnable task) {
        tasks.add(new Task(elapsed + delayNanos, order++, task));
    }

    /** Lets so much time pass, with everything that is due in it. */
    void pass(Duration length) {
        long end = elapsed + length.toNanos();
        for (Task next = tasks.peek(); next != null && next.at <= end; next = tasks.peek()) {
            tasks.remove();
            elapsed = Math.max(elapsed, next.at);
            next.work.run();
        }
        elapsed = end;
    }
}
