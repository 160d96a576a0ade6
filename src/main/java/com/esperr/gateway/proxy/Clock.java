package com.esperr.gateway.proxy;

/** The time, injected so that tests can turn it. Thread-safe. */
public interface Clock {
    /** Nanoseconds for measuring distances; may wrap around. */
    long nanos();

    /** Milliseconds since the epoch. */
    long millis();

    /** The machine's clocks. */
    Clock SYSTEM = new Clock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long millis() {
            return System.currentTimeMillis();
        }
    };
}
