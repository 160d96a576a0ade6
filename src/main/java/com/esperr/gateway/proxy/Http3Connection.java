package com.esperr.gateway.proxy;

import com.esperr.gateway.http2.Flood;
import com.esperr.gateway.http2.FloodBudget;
import com.esperr.gateway.http3.FrameBounds;
import com.esperr.gateway.listen.Http3Config;
import com.esperr.gateway.listen.QuicSocket;
import com.esperr.gateway.listen.TlsFront;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.transport.Sweeper;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicPathEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's HTTP/3 connection and the last handler of its pipeline; confined to its event loop. Packets, windows, frames and QPACK
 * are Netty's; here are the streams, the floods, the time limits and the end.
 */
final class Http3Connection extends ChannelInboundHandlerAdapter implements Sweeper.Sweepable, FrameBounds.Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Http3Connection.class);

    private static final long PUSH_PROMISE = 0x5;

    private final QuicChannel channel;
    private final Peer peer;
    private final LiveServices live;
    private final Connections connections;
    private final Clock clock;
    private final Http3Config config;
    private final MultiplexedCounts counts;
    private final TlsFront tls;
    private final Sweeper sweeper;
    private final FloodBudget budget;
    private final Http2Heads heads;
    private final Http3GoodBye goodBye;
    private final Set<Http3Stream> streams = new LinkedHashSet<>();
    private final Stall handshakeStall = new Stall();
    private final Stall idleStall = new Stall();

    private boolean agreed;
    private boolean closing;
    private int begun;
    private long last = -4;

    Http3Connection(
            QuicChannel channel,
            Peer peer,
            LiveServices live,
            Http3Config config,
            FloodBudget budget,
            MultiplexedCounts counts,
            TlsFront tls,
            Sweeper sweeper) {
        this.channel = channel;
        this.peer = peer;
        ExchangeServices services = live.now();
        this.live = live;
        this.connections = services.connections();
        this.clock = services.clock();
        this.config = config;
        this.counts = counts;
        this.tls = tls;
        this.sweeper = sweeper;
        this.budget = budget;
        this.heads = new Http2Heads(services.responses());
        this.goodBye = new Http3GoodBye(connections);
    }

    // --- events of the pipeline

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        boolean served = connections.opened() == Connections.Welcome.SERVED;
        Sweeper.Entry entry = sweeper.register(this);
        channel.closeFuture().addListener(closed -> {
            closing = true;
            entry.close();
            connections.closed();
            if (agreed) {
                counts.closed();
            }
        });
        if (!served) {
            closing = true;
            // Telling more would take a handshake first.
            QuicSocket.refuse(channel);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !agreed) {
            agreed = handshake.isSuccess();
            if (agreed) {
                tls.agreed(channel);
                counts.opened();
            } else {
                tls.handshake(false);
            }
        } else if (event instanceof QuicConnectionCloseEvent) {
            // Nothing that still comes would be answered, so there is nothing to keep the connection for.
            closing = true;
            channel.eventLoop().execute(channel::close);
        } else if (event instanceof QuicPathEvent.PeerMigrated moved
                && !peer.address().equals(IpAddress.of(moved.remote().getAddress()))) {
            // What was decided on is the address that it began from.
            end(Http3ErrorCode.H3_NO_ERROR, "address changed");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        faulty(cause);
    }

    /** Something of the connection was wrong; Netty has ended it if it could not go on. */
    void faulty(Throwable cause) {
        LOG.debug("HTTP/3 connection: {}", cause.toString());
        if (cause instanceof Http3Exception known && known.errorCode() == Http3ErrorCode.H3_EXCESSIVE_LOAD) {
            flooded(Flood.HEADER_LIST);
        }
    }

    // --- streams

    /** The client has begun a request. */
    void begin(QuicStreamChannel stream) {
        Flood flood = null;
        if (closing || goodBye.refuses(stream.streamId())) {
            flood = Flood.REFUSED_STREAM;
        } else if (streams.size() > 2 * config.maxConcurrentStreams()) {
            // QUIC has forgotten those that the client took back, and we have not been told yet.
            flood = Flood.RAPID_RESET;
        }
        if (flood != null) {
            reset(stream, Http3ErrorCode.H3_REQUEST_REJECTED);
            spend(flood);
            return;
        }
        begun++;
        last = Math.max(last, stream.streamId());
        // Clients may end a request with one.
        budget.earn(Flood.EMPTY_FRAMES, 1);
        counts.begun();
        Http3Stream handler = new Http3Stream(this, stream, live.now(), heads);
        streams.add(handler);
        stream.pipeline()
                // first: the decoder tells nobody whether a stream ends inside a frame
                .addFirst("bounds", handler.bounds())
                .addLast("stream", handler);
    }

    /** Ends {@code stream} before its end, both ways. */
    static void reset(QuicStreamChannel stream, Http3ErrorCode error) {
        stream.shutdownOutput(error.code());
        if (!stream.isInputShutdown()) {
            stream.shutdownInput(error.code());
        }
        stream.close();
    }

    /** A stream is closed, whoever did it. */
    void forget(Http3Stream stream) {
        streams.remove(stream);
    }

    /** The client has taken a request back. */
    void takenBack() {
        spend(Flood.RAPID_RESET);
    }

    @Override
    public void empty() {
        spend(Flood.EMPTY_FRAMES);
    }

    @Override
    public void odd(long type) {
        spend(Flood.UNKNOWN);
        if (type == PUSH_PROMISE) {
            // RFC 9114 section 7.2.5; Netty would look into it first, and find only the stream at fault.
            end(Http3ErrorCode.H3_FRAME_UNEXPECTED, "PUSH_PROMISE of a client");
        }
    }

    /** One more of {@code kind}, of which there may be too much. */
    void spend(Flood kind) {
        if (!budget.spend(kind, clock.nanos())) {
            flooded(kind);
        }
    }

    /** The other end. */
    Peer peer() {
        return peer;
    }

    // --- time

    @Override
    public void sweep(long now) {
        LimitsConfig limits = live.now().limits();
        if (closing) {
            return;
        }
        if (!agreed) {
            if (handshakeStall.longerThan(tls.handshakeTimeout().toNanos(), 0, now)) {
                tls.handshake(false);
                end(Http3ErrorCode.H3_NO_ERROR, "handshake not complete within handshake-timeout");
            }
            return;
        }
        boolean cut = connections.cut();
        for (Http3Stream stream : List.copyOf(streams)) {
            stream.sweep(now, limits.idleTimeout().toNanos(), cut);
        }
        if (cut) {
            end(Http3ErrorCode.H3_NO_ERROR, "");
            return;
        }
        if (!streams.isEmpty()) {
            idleStall.reset();
        } else if (idleStall.longerThan(limits.idleTimeout().toNanos(), begun, now)) {
            end(Http3ErrorCode.H3_NO_ERROR, "");
            return;
        }
        goodBye.goOn(this, limits.requestsPerConnection(), begun, last, now);
        if (goodBye.over(streams.size(), now)) {
            end(Http3ErrorCode.H3_NO_ERROR, "");
        }
    }

    // --- endings

    /** Says that the connection goes, and that requests on streams from {@code id} on are not answered. */
    void announce(long id) {
        QuicStreamChannel control = Http3.getLocalControlStream(channel);
        if (control != null) {
            control.writeAndFlush(new DefaultHttp3GoAwayFrame(id));
        }
    }

    private void flooded(Flood kind) {
        if (!closing) {
            counts.flooded(kind);
            LOG.debug("HTTP/3 connection: flood {}", kind.label());
            end(Http3ErrorCode.H3_EXCESSIVE_LOAD, kind.label());
        }
    }

    /** Tells the client why, and closes. */
    void end(Http3ErrorCode error, String why) {
        if (!closing) {
            closing = true;
            // Not from within the decoder of a stream, which would go on with what is left.
            channel.eventLoop()
                    .execute(() -> channel.close(true, error.code(), ByteBufUtil.writeAscii(channel.alloc(), why)));
        }
    }
}
