package com.esperr.gateway.proxy;

/** What a client goes on sending of a request that is answered, and is thrown away; confined to the event loop of its connection. */
final class Leftovers {
    private static final long LINGER_NANOS = 1_000_000_000L;

    private final Stall lingering = new Stall();
    private long discarded;

    /** So much more was. */
    void discard(int length) {
        discarded += length;
    }

    /** Whether it was enough, or for long enough. */
    boolean enough(long now) {
        return discarded > Discard.AT_MOST || lingering.longerThan(LINGER_NANOS, 0, now);
    }
}
