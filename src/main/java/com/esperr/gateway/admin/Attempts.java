package com.esperr.gateway.admin;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How often tokens were wrong lately, by address: after too many, even the right one is not looked at for the rest of the minute.
 * Thread-safe. Bounded: with too many addresses at once, new ones have to wait.
 */
final class Attempts {
    static final int MOST = 10;
    static final int ADDRESSES = 1024;

    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanos;
    private final Map<String, Integer> wrong = new HashMap<>();
    private long began;
    private long refused;

    Attempts(LongSupplier nanos) {
        this.nanos = nanos;
        this.began = nanos.getAsLong();
    }

    /** Whether what comes from {@code address} is looked at. */
    synchronized boolean allows(String address) {
        long now = nanos.getAsLong();
        if (now - began >= PERIOD_NANOS) {
            began = now;
            wrong.clear();
        }
        Integer before = wrong.get(address);
        if (before == null && wrong.size() >= ADDRESSES) {
            refused++;
            return false;
        }
        return before == null || before < MOST;
    }

    Fill fill() {
        return Fill.of(Bounded.ADMIN_ADDRESSES, this::size, ADDRESSES, this::refused);
    }

    private synchronized int size() {
        return wrong.size();
    }

    private synchronized long refused() {
        return refused;
    }

    /** One was wrong. */
    synchronized void failed(String address) {
        wrong.merge(address, 1, Integer::sum);
    }
}
