package com.esperr.gateway.proxy;

/**
 * What exchanges at one listener work with that begin now: immutable, and replaced as a whole when the configuration is read
 * again. An exchange looks once, at its start, and ends with what it found. Thread-safe.
 */
final class LiveServices {
    private volatile ExchangeServices now;

    LiveServices(ExchangeServices first) {
        this.now = first;
    }

    /** As it is now. */
    ExchangeServices now() {
        return now;
    }

    /** From now on it is {@code next}. */
    void replace(ExchangeServices next) {
        now = next;
    }
}
