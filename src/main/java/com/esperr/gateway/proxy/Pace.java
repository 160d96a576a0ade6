package com.esperr.gateway.proxy;

/**
 * Notices that somebody we wait for sends, but next to nothing; confined to one event loop. Only time in which we do wait counts,
 * and it is looked at in stretches of half a minute, so that a stutter is forgiven.
 */
final class Pace {
    /** How much waiting is looked at together. */
    static final long STRETCH_NANOS = 30_000_000_000L;

    private final long leastBytes;
    private boolean waiting;
    private long visited;
    private long waited;
    private long before;

    /** At least {@code bytesPerSecond}; 0 forgives everything. */
    Pace(long bytesPerSecond) {
        this.leastBytes = bytesPerSecond * (STRETCH_NANOS / 1_000_000_000L);
    }

    /** We wait, and {@code bytes} have come in all; whether that is too little for the waiting there was. */
    boolean tooSlow(long bytes, long now) {
        if (waiting) {
            waited += now - visited;
        }
        waiting = true;
        visited = now;
        if (waited < STRETCH_NANOS) {
            return false;
        }
        boolean slow = bytes - before < leastBytes;
        waited = 0;
        before = bytes;
        return slow;
    }

    /** We do not wait. */
    void pause() {
        waiting = false;
    }
}
