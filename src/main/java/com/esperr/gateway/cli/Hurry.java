package com.esperr.gateway.cli;

import java.util.function.LongSupplier;

/**
 * Whoever is told again to end, while it does, is in a hurry: that ends what is waited for just now. Thread-safe.
 */
final class Hurry {
    private final long echo;
    private final LongSupplier nanos;
    private Runnable way = () -> {};
    private boolean told;
    private long counted;

    /** Takes what follows within {@code echo} nanoseconds for the same command. */
    Hurry(long echo, LongSupplier nanos) {
        this.echo = echo;
        this.nanos = nanos;
    }

    /** From now on {@code way} is how. */
    synchronized void by(Runnable way) {
        this.way = way;
    }

    /** It was told to end, for the first time or again. */
    synchronized void told() {
        long now = nanos.getAsLong();
        if (told && now - counted < echo) {
            return;
        }
        if (told) {
            way.run();
        }
        told = true;
        counted = now;
    }
}
