package com.esperr.client;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Time and chance as a client sees them. Thread-safe. */
interface Timing {
    /** The clock of the machine. Its waiting is done by the JDK's own timer, so that a client needs no thread. */
    Timing SYSTEM = new Timing() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public double random() {
            return ThreadLocalRandom.current().nextDouble();
        }

        @Override
        public Runnable after(Duration delay, Runnable task) {
            CompletableFuture<Boolean> timer = new CompletableFuture<>();
            // Asynchronous, because the JDK has one timer for everybody.
            timer.thenRunAsync(task);
            timer.completeOnTimeout(true, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        }
    };

    /** Nanoseconds of a clock that only goes forward. */
    long nanos();

    /** The time of day. */
    Instant now();

    /** From 0 to below 1. */
    double random();

    /** Runs {@code task} once, on some thread, after {@code delay}; what it returns takes that back. */
    Runnable after(Duration delay, Runnable task);
}
