package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.decision.DecisionChain;
import com.esperr.gateway.decision.FailureTable;
import com.esperr.gateway.http.HttpDate;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http1.RequestDecoder;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.ClientConfig;
import com.esperr.gateway.request.PathConfig;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.request.Routes;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.transport.TransportConfig;
import com.esperr.gateway.upstream.OriginConfig;
import com.esperr.gateway.upstream.Upstream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that takes its last bytes slowly is given as long as one that takes the bytes before them slowly. */
class SlowCloseTest {
    private static final String LAST_REQUEST =
            "OPTIONS / HTTP/1.1\r\nHost: gw.test\r\nMax-Forwards: 0\r\nConnection: close\r\n\r\n";

    private final ConfigSource source = ConfigSource.load(null, Map.of(), Map.of("origin.url", "http://127.0.0.1:1"));
    private final LimitsConfig limits = Configurations.read(source, root -> LimitsConfig.read(root.section("limits")))
            .value();
    private final EventLoops loops = EventLoops.start(new TransportConfig(TransportConfig.Transport.NIO, 1));
    private final Frozen clock = new Frozen();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final FrontendConnection connection = connection();

    SlowCloseTest() {
        channel.pipeline().addFirst(new NothingLeaves());
        channel.writeInbound(Unpooled.copiedBuffer(LAST_REQUEST, StandardCharsets.ISO_8859_1));
    }

    @AfterEach
    void stop() {
        channel.close();
        loops.close();
    }

    @Test
    void anAnswerThatIsNotTakenYetIsNotCutAfterTheTimeForLingering() {
        connection.sweep(clock.nanos());
        connection.sweep(clock.nanos() + Duration.ofSeconds(10).toNanos());
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void anAnswerThatIsNeverTakenIsCutAfterTheIdleTimeout() {
        connection.sweep(clock.nanos());
        connection.sweep(clock.nanos() + limits.idleTimeout().toNanos());
        assertThat(channel.isOpen()).isFalse();
    }

    private FrontendConnection connection() {
        RequestDecoder decoder = new RequestDecoder(limits.decoder());
        FrontendConnection made =
                new FrontendConnection(channel, decoder, services(), new Sweeper(channel.eventLoop(), clock::nanos));
        channel.pipeline().addLast(decoder, made);
        return made;
    }

    private ExchangeServices services() {
        OriginConfig origin = Configurations.read(source, root -> OriginConfig.read(root.section("origin")))
                .value();
        ClientConfig client = Configurations.read(source, root -> ClientConfig.read(root.section("client")))
                .value();
        FailureTable failures = Configurations.read(source, root -> FailureTable.read(root.section("failure"), null))
                .value();
        return new ExchangeServices(
                clock,
                new RequestContexts(
                        client.rules(),
                        Configurations.read(source, root -> PathConfig.read(root.section("paths")))
                                .value(),
                        Configurations.read(source, Routes::read).value(),
                        "gw",
                        clock::millis),
                BodyReader.NONE,
                new DecisionChain(List.of(), failures),
                0,
                new Enforcer(false, new LocalReplies()),
                new Upstream(origin, loops, new LoopLocal<>(loop -> new Sweeper(loop, clock::nanos)), clock::nanos),
                new RequestForwarding(
                        new ForwardConfig(true, true, false, "gw"), "origin.test", false, "x-forwarded-for"),
                new ResponseForwarding(new HttpDate(clock::millis), "gw"),
                limits,
                new Connections(limits.connections()),
                exchange -> {});
    }

    /** A socket whose buffer is full. */
    private static final class NothingLeaves extends ChannelOutboundHandlerAdapter {
        @Override
        public void flush(ChannelHandlerContext ctx) {}
    }

    /** Time stands still. */
    private static final class Frozen implements Clock {
        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public long millis() {
            return 0;
        }
    }
}
