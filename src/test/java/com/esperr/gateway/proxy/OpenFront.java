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
import com.esperr.gateway.listen.ListenAddress;
import com.esperr.gateway.listen.ListenConfig;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.page.PageConfig;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.ClientConfig;
import com.esperr.gateway.request.PathConfig;
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
import com.esperr.gateway.upstream.Upstreams;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The listener and the way to a test origin, with one event loop, the sources and the clock that a test wants. Not thread-safe. */
final class OpenFront implements AutoCloseable {
    final TestOrigin origin = TestOrigin.start();
    final List<ExchangeRecord> records = new CopyOnWriteArrayList<>();
    final Upstream upstream;
    final ProxyServer proxy;
    private final ConfigSource source;
    private final EventLoops loops = EventLoops.start(new TransportConfig(TransportConfig.Transport.AUTO, 1));

    OpenFront(Map<String, String> keys, Clock clock, DecisionSource... sources) {
        Map<String, String> options = new HashMap<>(Map.of("origin.url", origin.url()));
        options.putAll(keys);
        source = ConfigSource.load(null, Map.of(), options);
        LoopLocal<Sweeper> sweepers = new LoopLocal<>(loop -> new Sweeper(loop, clock::nanos));
        upstream = new Upstream(read(root -> OriginConfig.read(root.section("origin"))), loops, sweepers, clock::nanos);
        proxy = ProxyServer.start(
                new ProxyServer.Settings(
                        List.of(new ProxyServer.Entrance(
                                ListenConfig.plain(new ListenAddress.Tcp(new HostPort("127.0.0.1", 0))), null)),
                        read(root -> MaintenanceConfig.read(root.section("maintenance"))),
                        read(root -> LimitsConfig.read(root.section("limits"))),
                        read(root -> UpgradeConfig.read(root.section("upgrade"))),
                        new ForwardConfig(true, true, false, false, AttestationConfig.OFF, "gw"),
                        64,
                        ResponseConfig.UNCHANGED,
                        false,
                        421,
                        Duration.ofSeconds(1),
                        BodyReader.NONE,
                        pages(),
                        null,
                        null),
                loops,
                sweepers,
                new RequestContexts(
                        read(root -> ClientConfig.read(root.section("client"))).rules(),
                        read(root -> PathConfig.read(root.section("paths"))),
                        read(Routes::read),
                        "gw",
                        System::currentTimeMillis),
                new Admission(Admission.Terms.of(new DecisionChain(
                        List.of(sources), read(root -> FailureTable.read(root.section("failure"), null))))),
                Upstreams.only(upstream),
                records::add,
                clock);
        proxy.listeners().get(0).opened().syncUninterruptibly();
    }

    private Pages pages() {
        return new Pages(read(root -> PageConfig.read(root.section("pages"))));
    }

    RawClient client() {
        return RawClient.connect(proxy.port());
    }

    private <T> T read(Function<Section, T> reader) {
        return Configurations.read(source, reader::apply).value();
    }

    @Override
    public void close() {
        loops.close();
        origin.close();
    }
}
