package com.esperr.gateway.proxy;

/**
 * How an HTTP/3 connection ends without losing a request (RFC 9114 section 5.2): first the client is told to begin no more, then, when
 * what it had on its way must have come, which requests are answered, and some time after those are, it is over. Confined to the event
 * loop of its connection.
 */
final class Http3GoodBye {
    /** The highest stream there can be. */
    static final long ALL = (1L << 62) - 4;

    private static final long PATIENCE_NANOS = 1_000_000_000L;

    /** QUIC tells nobody when the last bytes of a response have arrived, and drops what has not once it is closed. */
    private static final long LINGER_NANOS = 2_000_000_000L;

    private enum Phase {
        OPEN,
        TOLD,
        ENDING
    }

    private final Connections connections;
    private Phase phase = Phase.OPEN;
    private long told;
    private long refusedFrom = Long.MAX_VALUE;
    private final Stall quiet = new Stall();

    Http3GoodBye(Connections connections) {
        this.connections = connections;
    }

    /** Whether a request on stream {@code id} comes too late. */
    boolean refuses(long id) {
        return id >= refusedFrom;
    }

    /** Goes on with it once it is time, {@code begun} of {@code most} requests having come, the last on stream {@code last}. */
    void goOn(Http3Connection connection, int most, int begun, long last, long now) {
        if (phase == Phase.OPEN && (connections.draining() || begun >= most)) {
            phase = Phase.TOLD;
            told = now;
            connection.announce(ALL);
        } else if (phase == Phase.TOLD && now - told >= PATIENCE_NANOS) {
            phase = Phase.ENDING;
            refusedFrom = last + 4;
            connection.announce(refusedFrom);
        }
    }

    /** Whether it is over, {@code open} requests being under way. */
    boolean over(int open, long now) {
        if (phase != Phase.ENDING || open > 0) {
            quiet.reset();
            return false;
        }
        return quiet.longerThan(LINGER_NANOS, 0, now);
    }
}
