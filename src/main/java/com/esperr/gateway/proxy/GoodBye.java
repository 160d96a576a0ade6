package com.esperr.gateway.proxy;

/**
 * How an HTTP/2 connection ends without losing a request (RFC 9113 section 6.8): first the client is told to begin no more, then, when
 * what it had on its way must have come, which requests are answered, and when those are, it is over. Confined to the event loop of
 * its connection.
 */
final class GoodBye {
    /** What is said in the ping whose answer tells that the first word was heard. */
    static final long PING = 0x676f6f642d627965L;

    /** How long that answer is waited for. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;

    private enum Phase {
        OPEN,
        TOLD,
        ENDING
    }

    private final MultiplexedConnection connection;
    private final Connections connections;
    private final Clock clock;
    private final int most;
    private Phase phase = Phase.OPEN;
    private boolean heard;
    private long told;

    GoodBye(MultiplexedConnection connection, ExchangeServices services) {
        this.connection = connection;
        this.connections = services.connections();
        this.clock = services.clock();
        this.most = services.limits().requestsPerConnection();
    }

    /** What was said first has been heard. */
    void heard() {
        heard = phase == Phase.TOLD;
    }

    /** Goes on with it once it is time, {@code begun} requests having come; whether it is over. */
    boolean over(int begun, long now) {
        switch (phase) {
            case OPEN -> {
                if (connections.draining() || connections.leaves(connection.hashCode(), clock) || begun >= most) {
                    phase = Phase.TOLD;
                    told = now;
                    connection.announce(Integer.MAX_VALUE, true);
                }
            }
            case TOLD -> {
                if (heard || now - told >= PATIENCE_NANOS) {
                    phase = Phase.ENDING;
                    connection.announce(connection.connection().remote().lastStreamCreated(), false);
                }
            }
            case ENDING -> {}
        }
        return phase == Phase.ENDING && connection.connection().numActiveStreams() == 0;
    }
}
