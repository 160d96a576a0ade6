package com.esperr.gateway.cloud;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A nanosecond clock that a test moves, standing still or running along with the system's. Thread-safe. */
final class TestClock implements LongSupplier {
    private final LongSupplier base;
    private final AtomicLong offset = new AtomicLong();

    private TestClock(LongSupplier base) {
        this.base = base;
    }

    /** Moves only when told, and starts shortly before the numbers wrap around. */
    static TestClock still() {
        return new TestClock(() -> Long.MAX_VALUE - 1_000_000_000L);
    }

    static TestClock running() {
        return new TestClock(System::nanoTime);
    }

    void advance(Duration step) {
        offset.addAndGet(step.toNanos());
    }

    @Override
    public long getAsLong() {
        return base.getAsLong() + offset.get();
    }
}
