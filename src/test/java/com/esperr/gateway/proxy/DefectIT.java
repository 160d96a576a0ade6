package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Section;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionChain;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.decision.FailureTable;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.ClientConfig;
import com.esperr.gateway.request.PathConfig;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.request.Routes;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.transport.TransportConfig;
import com.esperr.gateway.upstream.OriginConfig;
import com.esperr.gateway.upstream.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request that cannot even be written, which shows when the connection to the origin is there, is answered. */
class DefectIT {
    private final TestOrigin origin = TestOrigin.start();
    private final ConfigSource source = ConfigSource.load(null, Map.of(), Map.of("origin.url", origin.url()));
    private final EventLoops loops = EventLoops.start(new TransportConfig(TransportConfig.Transport.AUTO, 1));
    private final List<ExchangeRecord> records = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        loops.close();
        origin.close();
    }

    @Test
    void aDefectBehindTheLeaseIs500AndGivesTheConnectionUp() {
        LoopLocal<Sweeper> sweepers = new LoopLocal<>(loop -> new Sweeper(loop, System::nanoTime));
        Upstream upstream = new Upstream(
                read(root -> OriginConfig.read(root.section("origin"))), loops, sweepers, System::nanoTime);
        ProxyServer proxy = start(sweepers, upstream);
        try (RawClient client = RawClient.connect(proxy.port())) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: gw.test\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(500);
            assertThat(client.readUntilClose()).isEmpty();
        }
        await().until(() -> upstream.gauges().open() == 0 && upstream.gauges().leased() == 0);
        assertThat(records).singleElement().extracting(ExchangeRecord::failure).isEqualTo(FailureReason.INTERNAL);
        assertThat(proxy.connections().requestsOpen()).isZero();
        assertThat(origin.requests()).isEmpty();
    }

    private ProxyServer start(LoopLocal<Sweeper> sweepers, Upstream upstream) {
        ProxyServer proxy = ProxyServer.start(
                new ProxyServer.Settings(
                        new ListenConfig(new HostPort("127.0.0.1", 0), 16),
                        read(root -> LimitsConfig.read(root.section("limits"))),
                        new ForwardConfig(true, true, false, "gw"),
                        false,
                        Duration.ofSeconds(1),
                        BodyReader.NONE),
                loops,
                sweepers,
                new RequestContexts(
                        read(root -> ClientConfig.read(root.section("client"))).rules(),
                        read(root -> PathConfig.read(root.section("paths"))),
                        read(Routes::read),
                        "gw",
                        System::currentTimeMillis),
                new DecisionChain(
                        List.of(new WithoutCause()), read(root -> FailureTable.read(root.section("failure"), null))),
                upstream,
                records::add,
                Clock.SYSTEM);
        assertThat(proxy.bound().awaitUninterruptibly().isSuccess()).isTrue();
        return proxy;
    }

    private <T> T read(Function<Section, T> reader) {
        return Configurations.read(source, reader::apply).value();
    }

    /** Allows everything and forgets to say why, which nobody expects. */
    private static final class WithoutCause implements DecisionSource {
        @Override
        public String name() {
            return "defect";
        }

        @Override
        public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
            sink.decided(new Decision.Allow(null));
            return null;
        }

        @Override
        public @Nullable String trouble() {
            return null;
        }
    }
}
