package com.esperr.gateway.proxy;

import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http1.RequestDecoder;
import com.esperr.gateway.listen.Http2Config;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request of HTTP/2 by a visitor who does not exist, before there is the first one who does: it would be for that one, and for all
 * who share an event loop with him, that classes are loaded. It is answered here, without a socket, and counted nowhere. Runs once in
 * a process, in the thread that starts the listeners.
 */
final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final AtomicBoolean DONE = new AtomicBoolean();
    /** The end of its head and of its stream (RFC 9113 section 6.2). */
    private static final int WHOLE = 0x5;

    private static final String[][] HEAD = {
        {":method", "GET"},
        {":scheme", "http"},
        {":authority", "localhost"},
        {":path", "/"},
        {"user-agent", "rehearsal"}
    };

    private Rehearsal() {}

    /** Plays it, if that was not done yet, with what exchanges work with. */
    static void once(ExchangeServices services, Http2Config config) {
        if (DONE.compareAndSet(false, true)) {
            EmbeddedChannel channel = new EmbeddedChannel();
            try {
                play(channel, services, config);
                channel.finishAndReleaseAll();
            } catch (RuntimeException defect) {
                // Nobody waits for it, and whoever comes first will tell.
                LOG.debug("the rehearsal failed", defect);
            }
        }
    }

    /** Plays it on {@code channel}, which stays the caller's, as does what is sent there. */
    static void play(EmbeddedChannel channel, ExchangeServices services, Http2Config config) {
        // The pooled one would begin with megabytes.
        channel.config().setAllocator(UnpooledByteBufAllocator.DEFAULT);
        serve(channel, new LiveServices(aside(services)), config);
        channel.writeInbound(request());
    }

    /** The same, but every request is answered here, and nobody is told. */
    private static ExchangeServices aside(ExchangeServices services) {
        LocalReplies replies = new LocalReplies();
        EntranceRules rules = new EntranceRules(
                Errands.VISITS,
                (head, request) -> replies.file("rehearsal", request.reference()),
                null,
                ResponseEdits.NONE,
                null,
                () -> null);
        return new ExchangeServices(
                services.clock(),
                services.contexts(),
                services.bodies(),
                services.admission(),
                services.decisionNanos(),
                services.overload(),
                services.enforcer(),
                services.upstreams(),
                services.requests(),
                services.responses(),
                services.pause(),
                services.upgrades(),
                services.limits(),
                new Connections(1),
                rules,
                done -> {});
    }

    private static void serve(EmbeddedChannel channel, LiveServices services, Http2Config config) {
        ExchangeServices now = services.now();
        Sweeper sweeper = new Sweeper(channel.eventLoop(), now.clock()::nanos);
        FrontendConnection front = new FrontendConnection(
                channel,
                Peer.direct(IpAddress.parse("127.0.0.1")),
                RequestDecoder.inTurns(now.limits().decoder()),
                services,
                sweeper,
                null);
        Http2Pipeline pipeline =
                new Http2Pipeline(services, new LoopLocal<>(loop -> sweeper), config, new MultiplexedCounts());
        channel.pipeline().addLast(pipeline.connection(channel, front, sweeper));
    }

    /** A whole connection's worth: the preface, settings, and a head of which every field stands as a literal (RFC 7541 section 6.2.2). */
    private static ByteBuf request() {
        ByteBuf block = Unpooled.buffer();
        for (String[] field : HEAD) {
            block.writeByte(0);
            for (String text : field) {
                block.writeByte(text.length());
                block.writeCharSequence(text, StandardCharsets.US_ASCII);
            }
        }
        ByteBuf bytes = Unpooled.buffer().writeBytes(Http2CodecUtil.connectionPrefaceBuf());
        frame(bytes, 0, Http2FrameTypes.SETTINGS, 0, 0);
        frame(bytes, block.readableBytes(), Http2FrameTypes.HEADERS, WHOLE, 1);
        return bytes.writeBytes(block);
    }

    private static void frame(ByteBuf to, int length, int type, int flags, int stream) {
        to.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
    }
}
