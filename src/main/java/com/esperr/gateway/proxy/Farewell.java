package com.esperr.gateway.proxy;

import com.esperr.gateway.transport.OutputEnd;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import java.util.function.LongSupplier;

/**
 * How a client's connection ends behind its last answer; confined to its event loop. A slow client is given its last bytes as
 * patiently as those before. Only then is the connection closed, or, for a client that may still be sending, the time for
 * lingering begins.
 */
final class Farewell {
    /** How long a client that is still sending may go on after our last byte (RFC 9112 section 9.6). */
    private static final long LINGER_NANOS = 2_000_000_000L;

    private final Channel channel;
    private final LongSupplier unsent;
    private final Clock clock;
    private final long patienceNanos;
    private final Stall untaken = new Stall();
    private boolean taken;
    private boolean inputClosed;
    private long lingerUntil;

    /** For {@code channel}, whose client may refuse to read {@code unsent} bytes for {@code patienceNanos}. */
    Farewell(Channel channel, LongSupplier unsent, Clock clock, long patienceNanos) {
        this.channel = channel;
        this.unsent = unsent;
        this.clock = clock;
        this.patienceNanos = patienceNanos;
    }

    /** Closes when everything is written: the client sends nothing that its connection could be reset for. */
    void close() {
        channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }

    /** Closes our side first. Closing with unread bytes would reset the connection and take our answer with it. */
    void linger() {
        if (channel instanceof DuplexChannel duplex) {
            channel.writeAndFlush(channel.alloc().buffer(0)).addListener(done -> {
                taken = true;
                lingerUntil = clock.nanos() + LINGER_NANOS;
                if (inputClosed) {
                    channel.close();
                } else {
                    OutputEnd.of(duplex);
                }
            });
        }
    }

    /** The client sends no more. */
    void inputClosed() {
        inputClosed = true;
        if (taken) {
            channel.close();
        }
    }

    /** Looks at the time limits. */
    void sweep(long now) {
        if (taken ? now - lingerUntil >= 0 : untaken.longerThan(patienceNanos, unsent.getAsLong(), now)) {
            channel.close();
        }
    }
}
