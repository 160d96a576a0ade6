package com.esperr.gateway.upstream;

/**
 * When something was last heard on a shared connection, and whether its origin is to be asked if it is still there; confined to its
 * event loop. It is asked (PING, RFC 9113 section 6.7) when an answer did not come in time, and after a long silence.
 */
final class SignsOfLife {
    /** What a ping of ours says. */
    static final long PING = 1;

    /** Longer than servers of gRPC want between two pings (five minutes), shorter than where the cloud forgets a connection. */
    private static final long QUIET_NANOS = 330_000_000_000L;

    private static final long ANSWER_NANOS = 10_000_000_000L;

    private long heard;
    private long askedAt;
    private boolean asked;
    private boolean doubted;

    SignsOfLife(long now) {
        heard = now;
    }

    /** Something has come. */
    void heard(long now) {
        heard = now;
    }

    /** The origin has answered. */
    void answered() {
        asked = false;
    }

    /** It left somebody without an answer. */
    void doubted() {
        doubted = true;
    }

    /** For how long nothing was heard. */
    long silence(long now) {
        return now - heard;
    }

    /** Whether it was asked and has not answered in time. */
    boolean missing(long now) {
        return asked && now - askedAt >= ANSWER_NANOS;
    }

    /** Whether it is to be asked now; then it counts as asked. */
    boolean asks(long now) {
        if (asked || !(doubted || silence(now) >= QUIET_NANOS)) {
            return false;
        }
        asked = true;
        doubted = false;
        askedAt = now;
        return true;
    }
}
