package com.esperr.gateway.proxy;

import org.jspecify.annotations.Nullable;

/** How long a client may take over the body of its request; confined to the event loop of its exchange. */
final class Patience {
    private final long longestPause;
    private final Stall pauses = new Stall();
    private final Pace pace;

    Patience(LimitsConfig limits) {
        this.longestPause = limits.bodyTimeout().toNanos();
        this.pace = new Pace(limits.minRate());
    }

    /** Nothing is waited for. */
    void rest() {
        pauses.reset();
        pace.pause();
    }

    /**
     * The body is waited for, of which {@code bytes} have come; why no longer, or null.
     *
     * @param hurried whether its rate matters: behind the beginning of an answer it may be half of a conversation
     */
    @Nullable
    String exhausted(long bytes, boolean hurried, long now) {
        if (pauses.longerThan(longestPause, bytes, now)) {
            return "no byte of the request body within limits.body-timeout";
        }
        if (!hurried) {
            pace.pause();
            return null;
        }
        return pace.tooSlow(bytes, now) ? "request body slower than limits.min-rate" : null;
    }
}
