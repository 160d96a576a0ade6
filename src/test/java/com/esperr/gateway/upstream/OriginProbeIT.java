package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.Logged;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.testkit.TlsOrigin;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.transport.TransportConfig;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OriginProbeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestOrigin origin = TestOrigin.start();
    private final OriginConfig config = Configurations.read(
                    ConfigSource.load(null, Map.of(), Map.of("origin.url", origin.url())),
                    root -> OriginConfig.read(root.section("origin")))
            .value();
    private final EventLoops loops = EventLoops.start(new TransportConfig(TransportConfig.Transport.AUTO, 1));
    private final Upstream upstream =
            new Upstream(config, loops, new LoopLocal<>(loop -> new Sweeper(loop, System::nanoTime)), System::nanoTime);

    @AfterEach
    void stop() {
        loops.close();
        origin.close();
    }

    @Test
    void noticesThatTheOriginGoesAndComesBack() {
        try (OriginProbe probe = new OriginProbe(upstream, loops)) {
            await().atMost(PATIENCE).until(() -> probe.trouble() == null);
            origin.stop();
            await().atMost(PATIENCE).until(() -> probe.trouble() != null);
            assertThat(probe.trouble()).startsWith(origin.url() + ": ").containsIgnoringCase("refused");
            origin.restart();
            await().atMost(PATIENCE).until(() -> probe.trouble() == null);
        }
    }

    @Test
    void saysOnceThatTheOriginIsGoneAndOnceThatItIsBack() {
        try (Logged log = Logged.below(getClass().getPackageName());
                OriginProbe probe = new OriginProbe(upstream, loops)) {
            await().atMost(PATIENCE).until(() -> probe.trouble() == null);
            assertThat(upstream.endpoints().get(0).state(System.nanoTime())).isEqualTo(EndpointState.UP);
            origin.stop();
            await().atMost(PATIENCE)
                    .until(() -> log.lines().stream().anyMatch(line -> line.contains("takes no connections")));
            assertThat(upstream.endpoints().get(0).state(System.nanoTime())).isEqualTo(EndpointState.FAILING);
            assertThat(upstream.endpoints().get(0).trouble()).containsIgnoringCase("refused");
            assertThat(log.lines()).anyMatch(line -> line.endsWith("unless another endpoint takes them"));
            origin.restart();
            await().atMost(PATIENCE)
                    .until(() -> log.lines().stream().anyMatch(line -> line.contains("takes connections again")));
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("connections"))
                    .hasSize(2);
        }
    }

    @Test
    void leavesNoConnectionOpen() {
        try (OriginProbe probe = new OriginProbe(upstream, loops)) {
            await().atMost(PATIENCE).until(() -> origin.connectionsAccepted() >= 2);
            await().atMost(PATIENCE).until(() -> origin.connectionsOpen() == 0);
            assertThat(probe.trouble()).isNull();
        }
    }

    @Test
    void tellsOfACertificateThatNobodyTrusts() throws Exception {
        try (TlsOrigin secure = TlsOrigin.of(Certificates.issued(Certificates.authority(), "localhost"))) {
            OriginConfig https = Configurations.read(
                            ConfigSource.load(
                                    null, Map.of(), Map.of("origin.url", "https://localhost:" + secure.port())),
                            root -> OriginConfig.read(root.section("origin")))
                    .value();
            LoopLocal<Sweeper> sweepers = new LoopLocal<>(loop -> new Sweeper(loop, System::nanoTime));
            try (OriginProbe probe = new OriginProbe(new Upstream(https, loops, sweepers, System::nanoTime), loops)) {
                await().atMost(PATIENCE)
                        .until(() ->
                                String.valueOf(probe.trouble()).contains("tls: certificate of an unknown authority"));
            }
        }
    }
}
