package com.esperr.gateway.cloud;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of questions and failures over the recent past, in slots of a twentieth of the window. Thread-safe without locks:
 * when two loops enter a new slot at the same moment a count may be lost, which moves a threshold by one.
 */
final class FailureWindow {
    private static final int SLOTS = 20;

    // Slots are numbered from the start, as the clock's own readings may wrap around.
    private final long start;
    private final long slotNanos;
    private final AtomicLongArray numbers = new AtomicLongArray(SLOTS);
    private final AtomicLongArray questions = new AtomicLongArray(SLOTS);
    private final AtomicLongArray failures = new AtomicLongArray(SLOTS);

    FailureWindow(long windowNanos, long start) {
        this.start = start;
        this.slotNanos = Math.max(1, windowNanos / SLOTS);
    }

    void succeeded(long now) {
        questions.incrementAndGet(slot(now));
    }

    void failed(long now) {
        int slot = slot(now);
        questions.incrementAndGet(slot);
        failures.incrementAndGet(slot);
    }

    /** Whether at least {@code count} questions failed, and at least {@code share} of all. */
    boolean reached(int count, double share, long now) {
        long newest = number(now);
        long failed = 0;
        long asked = 0;
        for (int i = 0; i < SLOTS; i++) {
            if (newest - numbers.get(i) < SLOTS) {
                failed += failures.get(i);
                asked += questions.get(i);
            }
        }
        return failed >= count && failed >= share * asked;
    }

    void clear() {
        for (int i = 0; i < SLOTS; i++) {
            questions.set(i, 0);
            failures.set(i, 0);
        }
    }

    private int slot(long now) {
        long number = number(now);
        int slot = (int) (number % SLOTS);
        long found = numbers.get(slot);
        if (found != number && numbers.compareAndSet(slot, found, number)) {
            questions.set(slot, 0);
            failures.set(slot, 0);
        }
        return slot;
    }

    private long number(long now) {
        return (now - start) / slotNanos;
    }
}
