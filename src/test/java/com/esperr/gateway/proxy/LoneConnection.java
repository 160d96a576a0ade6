package com.esperr.gateway.proxy;

import com.esperr.gateway.attestation.AttestationConfig;
import com.esperr.gateway.challenge.Admission;
import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Section;
import com.esperr.gateway.decision.DecisionChain;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.decision.FailureTable;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.http.HttpDate;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http1.RequestDecoder;
import com.esperr.gateway.http2.FloodAllowances;
import com.esperr.gateway.listen.Http2Config;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.page.PageConfig;
import com.esperr.gateway.page.Pages;
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
import com.esperr.gateway.upstream.Upstreams;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One client's connection without a network, and a clock that the test turns. There is no event loop of the gateway here, so
 * that whoever asks for a connection to the origin meets a defect. Not thread-safe.
 */
final class LoneConnection implements AutoCloseable {
    final Turned clock = new Turned();
    final LimitsConfig limits;
    final List<ExchangeRecord> records = new ArrayList<>();
    final EmbeddedChannel channel = new EmbeddedChannel();
    final Connections connections;
    final FrontendConnection connection;
    final MultiplexedCounts http2 = new MultiplexedCounts();
    final LiveServices services;
    private Sweeper.Sweepable swept;
    private final ConfigSource source;
    private final EventLoops loops = EventLoops.start(new TransportConfig(TransportConfig.Transport.NIO, 1));

    private LoneConnection(Map<String, String> keys, BodyReader body, DecisionSource... sources) {
        Map<String, String> options = new HashMap<>(Map.of("origin.url", "http://127.0.0.1:1"));
        options.putAll(keys);
        source = ConfigSource.load(null, Map.of(), options);
        limits = read(root -> LimitsConfig.read(root.section("limits")));
        connections = new Connections(limits.connections());
        RequestDecoder decoder = RequestDecoder.inTurns(limits.decoder());
        services = new LiveServices(services(body, List.of(sources)));
        connection = new FrontendConnection(
                channel,
                Peer.direct(IpAddress.parse("192.0.2.1")),
                decoder,
                services,
                new Sweeper(channel.eventLoop(), clock::nanos),
                null);
        swept = connection;
        channel.pipeline().addLast(decoder, connection);
    }

    /** A connection on which {@code sources} decide. */
    static LoneConnection with(DecisionSource... sources) {
        return new LoneConnection(Map.of(), BodyReader.NONE, sources);
    }

    /** A connection whose bodies {@code body} looks into. */
    static LoneConnection looking(BodyReader body, DecisionSource... sources) {
        return new LoneConnection(Map.of(), body, sources);
    }

    /** A connection with these keys. */
    static LoneConnection configured(Map<String, String> keys, DecisionSource... sources) {
        return new LoneConnection(keys, BodyReader.NONE, sources);
    }

    /** Puts {@code handler} between the connection and its socket. */
    LoneConnection below(ChannelHandler handler) {
        channel.pipeline().addFirst(handler);
        return this;
    }

    /** Goes on with HTTP/2, whose preface comes next. */
    LoneConnection multiplexed() {
        LoopLocal<Sweeper> none = new LoopLocal<>(loop -> new Sweeper(loop, clock::nanos));
        Http2Pipeline pipeline = new Http2Pipeline(
                services, none, new Http2Config(true, 100, 256 << 10, 1 << 20, FloodAllowances.USUAL), http2);
        channel.pipeline().removeLast();
        channel.pipeline().removeLast();
        MultiplexedConnection frames =
                pipeline.connection(channel, connection, new Sweeper(channel.eventLoop(), clock::nanos));
        channel.pipeline().addLast(frames);
        swept = frames;
        return this;
    }

    /** Receives {@code bytes}, and does what is for this turn of the event loop only. */
    LoneConnection receivesInTurn(byte[] bytes) {
        channel.freezeTime();
        channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(bytes));
        channel.pipeline().fireChannelReadComplete();
        return this;
    }

    /** The next turn of the event loop; whether there was anything to do. */
    boolean turns() {
        channel.advanceTimeBy(1, TimeUnit.NANOSECONDS);
        boolean more = channel.hasPendingTasks();
        channel.runScheduledPendingTasks();
        return more;
    }

    /** Receives {@code bytes}. */
    LoneConnection receives(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Turns the clock and looks at the time limits. */
    LoneConnection passes(Duration time) {
        clock.nanos += time.toNanos();
        swept.sweep(clock.nanos);
        channel.runPendingTasks();
        return this;
    }

    /** What was sent since the last call. */
    String sent() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            text.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
        return text.toString();
    }

    private ExchangeServices services(BodyReader body, List<DecisionSource> sources) {
        OriginConfig origin = read(root -> OriginConfig.read(root.section("origin")));
        ClientConfig client = read(root -> ClientConfig.read(root.section("client")));
        MaintenanceConfig maintenance = read(root -> MaintenanceConfig.read(root.section("maintenance")));
        Admission admission = new Admission(Admission.Terms.of(
                new DecisionChain(sources, read(root -> FailureTable.read(root.section("failure"), null)))));
        return new ExchangeServices(
                clock,
                new RequestContexts(
                        client.rules(),
                        read(root -> PathConfig.read(root.section("paths"))),
                        read(Routes::read),
                        "gw",
                        clock::millis),
                new HeldBodies(body),
                admission,
                0,
                new Overload(null, admission),
                new Enforcer(
                        false,
                        421,
                        new LocalReplies(),
                        new Pages(read(root -> PageConfig.read(root.section("pages")))),
                        maintenance,
                        null,
                        (request, challenge) -> false,
                        request -> false),
                Upstreams.of(
                        List.of(origin),
                        loops,
                        new LoopLocal<>(loop -> new Sweeper(loop, clock::nanos)),
                        clock::nanos,
                        null),
                new RequestForwarding(
                        new ForwardConfig(true, true, false, false, AttestationConfig.OFF, "gw"),
                        "x-forwarded-for",
                        null),
                new ResponseForwarding(new HttpDate(clock::millis), "gw"),
                new Pause(maintenance, new LoopLocal<>(loop -> new Sweeper(loop, clock::nanos)), clock::nanos),
                new Upgrades(read(root -> UpgradeConfig.read(root.section("upgrade"))), limits.halfClose()),
                limits,
                connections,
                new EntranceRules(
                        Errands.VISITS, MaxForwards.of(new LocalReplies()), null, ResponseEdits.NONE, null, () -> null),
                records::add);
    }

    private <T> T read(Function<Section, T> reader) {
        return Configurations.read(source, reader::apply).value();
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
        loops.close();
    }

    /** Time that passes when it is told to. */
    static final class Turned implements Clock {
        private long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public long millis() {
            return nanos / 1_000_000;
        }
    }
}
