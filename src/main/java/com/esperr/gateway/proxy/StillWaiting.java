package com.esperr.gateway.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.util.function.Consumer;

/**
 * Learns whether a client of HTTP/3 still waits for its answer; confined to the event loop of its connection. QUIC says nothing of
 * one that does not until it is sent something, and so it is sent a frame now and then that means nothing. If it has sent all of its
 * request before, even that is not refused but kept, as for a client without room; only that there was room tells one from the other.
 */
final class StillWaiting {
    private static final long ASKING_NANOS = 1_000_000_000L;
    private static final long FIRST_NANOS = 200_000_000L;

    /** A frame that means nothing (RFC 9114 section 7.2.8). */
    private static final long NOTHING = 0x40;

    private final QuicStreamChannel channel;
    private final Http3Output output;
    private final Consumer<Throwable> gone;
    private final Stall quiet = new Stall();
    private long asked;
    private long heard;

    /** On {@code channel}; {@code gone} is told when it does not. */
    StillWaiting(QuicStreamChannel channel, Http3Output output, Consumer<Throwable> gone) {
        this.channel = channel;
        this.output = output;
        this.gone = gone;
    }

    /** Asks if it is time. */
    void sweep(long now) {
        if (asked > heard) {
            if (!channel.isWritable() && channel.bytesBeforeUnwritable() > 0) {
                gone.accept(new ChannelOutputShutdownException("response not wanted by the client"));
            }
        } else if (output.writable()
                && quiet.longerThan(asked == 0 ? FIRST_NANOS : ASKING_NANOS, output.taken() + asked, now)) {
            asked++;
            channel.write(new DefaultHttp3UnknownFrame(NOTHING, Unpooled.EMPTY_BUFFER))
                    .addListener(sent -> {
                        heard++;
                        if (!sent.isSuccess()) {
                            gone.accept(sent.cause());
                        }
                    });
        }
    }
}
