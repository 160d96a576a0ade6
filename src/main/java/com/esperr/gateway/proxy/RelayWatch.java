package com.esperr.gateway.proxy;

import com.esperr.gateway.upstream.OriginConfig;

/**
 * How long a relay waits: for the origin to take the request and to answer, and for the client to take the response. Confined to
 * the event loop of its exchange. {@code moved} is a number that grows with every byte either way.
 */
final class RelayWatch {
    /** How long the origin has to answer an expectation before we do. */
    private static final long CONTINUE_NANOS = 500_000_000L;

    private final OriginConfig origin;
    private final LimitsConfig limits;
    private final Stall head = new Stall();
    private final Stall body = new Stall();
    private final Stall expectation = new Stall();

    RelayWatch(OriginConfig origin, LimitsConfig limits) {
        this.origin = origin;
        this.limits = limits;
    }

    /** Whether a client that expects to be told to go on has waited long enough. */
    boolean expectationOverdue(long now) {
        return expectation.longerThan(CONTINUE_NANOS, 0, now);
    }

    /** Whether the origin leaves a whole request unanswered. */
    boolean unanswered(long moved, long now) {
        return head.longerThan(origin.responseTimeout().toNanos(), moved, now);
    }

    /** Whether the origin takes no more of the request. */
    boolean untaken(boolean writable, long moved, long now) {
        if (writable) {
            body.reset();
            return false;
        }
        return body.longerThan(origin.idleTimeout().toNanos(), moved, now);
    }

    /** Whether the origin sends no more of its response. */
    boolean paused(long moved, long now) {
        return body.longerThan(origin.idleTimeout().toNanos(), moved, now);
    }

    /** Whether the client takes no more of the response. */
    boolean unread(long unsent, long now) {
        return body.longerThan(limits.idleTimeout().toNanos(), unsent, now);
    }
}
