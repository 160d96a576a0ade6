package com.esperr.gateway.proxy;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.http1.RequestDecoder;
import com.esperr.gateway.listen.TlsFront;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.tls.TlsSession;
import com.esperr.gateway.transport.Disconnection;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.transport.TlsFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection and the last handler of its pipeline; confined to its event loop. It hands what the decoder
 * fires to the one exchange that is under way, keeps the time limits between exchanges, and closes so that a client still
 * sending can read our answer. Body pieces go to the exchange, which takes them; what comes after the end is released.
 */
final class FrontendConnection extends ChannelInboundHandlerAdapter implements ClientStream, Sweeper.Sweepable {
    private static final Logger LOG = LoggerFactory.getLogger(FrontendConnection.class);

    private final Channel channel;
    private final RequestDecoder decoder;
    private final LiveServices live;
    private final Connections connections;
    private final Sweeper sweeper;
    private final Stall idleStall = new Stall();
    private final Stall headStall = new Stall();
    private final Http1Output output;
    private final Farewell farewell;
    private final Peer peer;
    private final @Nullable TlsFront tls;

    private Sweeper.@Nullable Entry sweep;
    private @Nullable Exchange current;
    private int served;
    private long since;
    private boolean wanted = true;
    private boolean closing;
    private boolean inputClosed;
    private boolean advanceWhenWritable;
    private ExchangeServices services;

    FrontendConnection(
            Channel channel,
            Peer peer,
            RequestDecoder decoder,
            LiveServices live,
            Sweeper sweeper,
            @Nullable TlsFront tls) {
        this.tls = tls;
        this.channel = channel;
        this.decoder = decoder;
        this.live = live;
        this.services = live.now();
        this.connections = services.connections();
        this.sweeper = sweeper;
        this.output = new Http1Output(channel, services.responses());
        this.farewell = new Farewell(
                channel,
                output::unsentBytes,
                services.clock(),
                services.limits().idleTimeout().toNanos());
        this.peer = peer;
    }

    // --- events of the pipeline

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        sweep = sweeper.register(this);
        since = services.clock().nanos();
        switch (connections.opened()) {
            case SERVED -> {}
            case REFUSED -> {
                if (tls == null) {
                    refuse(FailureReason.TOO_MANY_CONNECTIONS, "limits.connections is reached");
                } else {
                    // Telling it would take a handshake first.
                    abort();
                }
            }
            case DROPPED -> abort();
        }
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Exchange exchange = current;
        if (closing) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof RequestHead head) {
            exchange().begin(head);
        } else if (message instanceof ByteBuf data) {
            if (exchange != null) {
                exchange.requestData(data);
            } else {
                data.release();
            }
        } else if (message instanceof MessageEnd end) {
            if (exchange != null) {
                exchange.requestEnd(end);
            } else {
                decoder.resume();
            }
        } else if (message instanceof BadMessage bad) {
            (exchange == null ? exchange() : exchange).broken(null, bad);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (current != null) {
            current.requestReadComplete();
        }
        applyReading();
        checkInput();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        boolean writable = channel.isWritable();
        if (current != null) {
            current.responseWritabilityChanged(writable);
        } else if (writable && advanceWhenWritable) {
            advance();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Sweeper.Entry entry = sweep;
        if (entry != null) {
            entry.close();
            connections.closed();
        }
        closing = true;
        if (current != null) {
            current.clientGone("connection closed by the client");
        }
        output.takeBack();
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputClosed();
        } else if (event instanceof SslHandshakeCompletionEvent handshake && tls != null) {
            tls.handshake(handshake.isSuccess());
        } else if (event instanceof SniCompletionEvent name && tls != null && !name.isSuccess()) {
            // Nothing, or too little, was said in time.
            tls.handshake(false);
        } else if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
            // BoringSSL ends both directions with it, so that there is nobody left to answer.
            channel.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    /** The client sends no more. Whole requests that it has sent are still answered (RFC 9112 section 9.6). */
    private void inputClosed() {
        inputClosed = true;
        if (closing) {
            farewell.inputClosed();
        } else if (current != null) {
            current.inputClosed(decoder.hasPending());
        } else if (!decoder.hasPending()) {
            close(true);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Exchange exchange = current;
        if (Disconnection.is(cause) || TlsFailure.is(cause)) {
            LOG.debug("client connection: {}", cause.toString());
            if (exchange != null) {
                exchange.clientGone(Disconnection.describe(cause));
            }
        } else if (exchange != null) {
            exchange.failInternally(cause);
        } else {
            LOG.error("client connection from {} failed unexpectedly", peer.address(), cause);
        }
        if (!closing || cause instanceof NotYetConnectedException) {
            // What was reset has no end that could be waited for.
            abort();
        }
    }

    @Override
    public void sweep(long now) {
        Exchange exchange = current;
        if (closing) {
            farewell.sweep(now);
        } else if (exchange != null && connections.cut()) {
            exchange.cutOff();
        } else if (exchange != null) {
            exchange.sweep(now);
        } else if (decoder.headStarted()) {
            if (headStall.longerThan(services.limits().headerTimeout().toNanos(), served, now)) {
                refuse(FailureReason.REQUEST_TIMEOUT, "head not complete within limits.header-timeout");
            }
        } else if (connections.endsIdle(served, since, now)
                || idleStall.longerThan(
                        services.limits().idleTimeout().toNanos(), served + output.unsentBytes(), now)) {
            close(!decoder.hasPending());
        } else {
            // What is in force no more must not be kept by who says nothing.
            services = live.now();
            headStall.reset();
            decoder.idle();
        }
    }

    /** Leaves the connection to another version of HTTP; false if it is not to be served. It goes on knowing who the client is. */
    boolean handOver() {
        Sweeper.Entry entry = sweep;
        if (closing || entry == null) {
            return false;
        }
        entry.close();
        sweep = null;
        return true;
    }

    // --- what the exchange asks

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public String peerText() {
        return peer.address().toString();
    }

    @Override
    public Http1Output output() {
        return output;
    }

    @Override
    public String scheme() {
        return tls == null ? "http" : "https";
    }

    @Override
    public @Nullable TlsSession tls() {
        return tls == null ? null : TlsFront.session(channel);
    }

    @Override
    public String fallbackReference() {
        return services.contexts().newReference();
    }

    @Override
    public boolean lastRequest() {
        return connections.endsBehind(channel.hashCode(), services.clock())
                || served + 1 >= services.limits().requestsPerConnection();
    }

    @Override
    public boolean discards(RequestHead request) {
        return Discard.may(request);
    }

    @Override
    public void resumeRequest() {
        wanted = true;
        decoder.resume();
        applyReading();
        checkInput();
    }

    @Override
    public boolean delivering() {
        return decoder.delivering();
    }

    @Override
    public void tunnel() {
        wanted = true;
        decoder.tunnel();
        applyReading();
        checkInput();
    }

    @Override
    public void reading(boolean on) {
        wanted = on;
        applyReading();
    }

    @Override
    public boolean reading() {
        return channel.config().isAutoRead();
    }

    @Override
    public void exchangeDone(boolean close, boolean requestComplete) {
        current = null;
        if (closing) {
            return;
        }
        if (close) {
            // Who sends no more, or was answered whole, cannot lose the answer to bytes that are on their way.
            close(inputClosed || (requestComplete && !decoder.hasPending()));
            return;
        }
        served++;
        wanted = true;
        advance();
    }

    @Override
    public void abort() {
        closing = true;
        output.takeBack();
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        // Past TLS, whose close_notify would say that what was received is complete.
        channel.pipeline().firstContext().close();
    }

    // --- inside

    private void advance() {
        // A client that sends request after request and reads no answer is not served further.
        advanceWhenWritable = !channel.isWritable();
        if (!advanceWhenWritable) {
            decoder.resume();
        }
        applyReading();
        checkInput();
    }

    /** Tells who waits for more that no more comes, once the decoder has given out what it held when the client closed. */
    private void checkInput() {
        if (inputClosed && !closing && !decoder.hasPending()) {
            inputClosed();
        }
    }

    private void applyReading() {
        boolean on = closing || (wanted && !decoder.waits());
        // When nothing comes any more, epoll has forgotten a socket that it was to read from.
        if (!inputClosed && on != channel.config().isAutoRead()) {
            channel.config().setAutoRead(on);
        }
    }

    private void refuse(FailureReason reason, String detail) {
        exchange().broken(null, new BadMessage(reason, detail));
    }

    /** The next exchange, with what is in force now. */
    private Exchange exchange() {
        services = live.now();
        current = new Exchange(this, services);
        return current;
    }

    /** Closes behind what was written: at once, or so that a client that still sends can read it. */
    private void close(boolean sendsNoMore) {
        // What the client still sends is read, so that it can send it, and thrown away.
        closing = true;
        decoder.stop();
        applyReading();
        if (sendsNoMore) {
            farewell.close();
        } else {
            farewell.linger();
        }
    }
}
