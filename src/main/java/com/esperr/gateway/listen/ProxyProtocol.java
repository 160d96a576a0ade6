package com.esperr.gateway.listen;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.net.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes a PROXY protocol header off the beginning of a connection from somebody who may send one. Until then it is alone in the
 * pipeline, so that nobody, TLS included, sees the header or waits for it; then the others are added, learn that the connection
 * is open, get what came behind the header, and this leaves. Confined to the event loop of its connection.
 */
final class ProxyProtocol extends ByteToMessageDecoder {
    private final ProxyProtocolConfig config;
    private final ProxyProtocolCounts counts;
    private final Peer socket;
    private final Listener.Guests guests;
    private @Nullable Future<?> deadline;
    private boolean over;

    /**
     * A handler of a connection whose other end is {@code socket}, which may send a header.
     *
     * @param guests is given the connection with the address that counts
     */
    ProxyProtocol(ProxyProtocolConfig config, ProxyProtocolCounts counts, Peer socket, Listener.Guests guests) {
        this.config = config;
        this.counts = counts;
        this.socket = socket;
        this.guests = guests;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(
                        () -> refuse(ctx, ProxyProtocolCounts.Result.TIMEOUT),
                        config.timeout().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // The others are told once they are there.
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (over) {
            in.skipBytes(in.readableBytes());
            return;
        }
        ProxyHeader header = ProxyHeaderReader.read(in);
        switch (header.state()) {
            case PARTIAL -> {}
            case MALFORMED -> refuse(ctx, ProxyProtocolCounts.Result.MALFORMED);
            case ABSENT -> {
                if (config.mode() == ProxyProtocolConfig.Mode.REQUIRED) {
                    refuse(ctx, ProxyProtocolCounts.Result.MALFORMED);
                } else {
                    goOn(ctx, ProxyProtocolCounts.Result.ABSENT, socket);
                }
            }
            case COMPLETE -> {
                in.skipBytes(header.length());
                IpAddress source = header.source();
                if (source == null) {
                    goOn(ctx, ProxyProtocolCounts.Result.LOCAL, socket.namingNobody());
                } else {
                    goOn(ctx, ProxyProtocolCounts.Result.TOLD, Peer.told(source));
                }
            }
        }
    }

    private void goOn(ChannelHandlerContext ctx, ProxyProtocolCounts.Result result, Peer peer) {
        end(result);
        guests.connected(ctx.channel(), peer);
        ctx.fireChannelActive();
        // What came behind the header is passed on with this.
        ctx.pipeline().remove(this);
    }

    private void refuse(ChannelHandlerContext ctx, ProxyProtocolCounts.Result result) {
        if (!over) {
            end(result);
            ctx.close();
        }
    }

    private void end(ProxyProtocolCounts.Result result) {
        over = true;
        counts.count(result);
        guests.heard();
        Future<?> pending = deadline;
        if (pending != null) {
            pending.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            refuse(ctx, ProxyProtocolCounts.Result.CLOSED);
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        refuse(ctx, ProxyProtocolCounts.Result.CLOSED);
        super.channelInactive(ctx);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (!over) {
            end(ProxyProtocolCounts.Result.CLOSED);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset, mostly.
        refuse(ctx, ProxyProtocolCounts.Result.CLOSED);
        ctx.close();
    }
}
