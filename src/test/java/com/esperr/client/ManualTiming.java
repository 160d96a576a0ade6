package com.esperr.client;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that passes when a test says so, and chance that is always the same. Thread-safe. */
final class ManualTiming implements Timing {
    static final Instant START = Instant.parse("2026-05-04T08:15:30.120Z");

    private record Task(long due, Runnable work) {}

    private final List<Task> tasks = new ArrayList<>();
    private final double random;
    private long nanos;

    /** A clock at {@link #START} whose pauses are as long as they can be, all but a nanosecond. */
    ManualTiming() {
        this(Math.nextDown(1.0));
    }

    ManualTiming(double random) {
        this.random = random;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public double random() {
        return random;
    }

    @Override
    public synchronized Runnable after(Duration delay, Runnable work) {
        Task task = new Task(nanos + delay.toNanos(), work);
        tasks.add(task);
        return () -> forget(task);
    }

    synchronized int waiting() {
        return tasks.size();
    }

    /** Lets time pass, and runs what is due. */
    void advance(Duration by) {
        List<Task> due;
        synchronized (this) {
            nanos += by.toNanos();
            due = tasks.stream()
                    .filter(task -> task.due <= nanos)
                    .sorted(Comparator.comparingLong(Task::due))
                    .toList();
            tasks.removeAll(due);
        }
        due.forEach(task -> task.work.run());
    }

    /** Waits until somebody waits for at most {@code longest}, lets that time pass, and says how long it was. */
    Duration passNext(Duration longest) {
        await().until(() -> soonest() <= longest.toNanos());
        Duration pause = Duration.ofNanos(soonest());
        advance(pause);
        return pause;
    }

    /** Whether somebody waits for at most {@code longest}. */
    boolean soonestIsWithin(Duration longest) {
        return soonest() <= longest.toNanos();
    }

    private synchronized void forget(Task task) {
        tasks.remove(task);
    }

    private synchronized long soonest() {
        return tasks.stream().mapToLong(task -> task.due - nanos).min().orElse(Long.MAX_VALUE);
    }
}
