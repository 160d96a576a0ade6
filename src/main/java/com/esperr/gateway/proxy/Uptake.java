package com.esperr.gateway.proxy;

/**
 * Notices a client that makes next to no room for the response that waits for it on a stream; confined to the event loop of its
 * connection. Windows tell exactly what it has made room for: its own window's bytes count while that is used up, and
 * all of the connection's while only that one is. What the network does not take is no matter of windows, and not looked at.
 */
final class Uptake {
    private final FrameOutlet outlet;
    private final int stream;
    private final Pace own;
    private final Pace shared;

    /** At least {@code bytesPerSecond} on {@code stream}. */
    Uptake(FrameOutlet outlet, int stream, long bytesPerSecond) {
        this.outlet = outlet;
        this.stream = stream;
        this.own = new Pace(bytesPerSecond);
        this.shared = new Pace(bytesPerSecond);
    }

    /** Whether the client was too slow for too long; {@code given} is what it has made room for on the stream so far. */
    boolean tooSlow(long given, long now) {
        FrameOutlet.Limit limit = outlet.limit(stream);
        if (limit != FrameOutlet.Limit.STREAM) {
            own.pause();
        }
        if (limit != FrameOutlet.Limit.CONNECTION) {
            shared.pause();
        }
        return switch (limit) {
            case NONE -> false;
            case STREAM -> own.tooSlow(given + outlet.beyondGiven(stream), now);
            case CONNECTION -> shared.tooSlow(outlet.sentInAll(), now);
        };
    }
}
