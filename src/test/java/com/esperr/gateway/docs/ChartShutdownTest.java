package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.boot.ShutdownConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Lifecycle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pod of the chart is given as long to end as it needs, and its containers end in an order in which no request is lost. */
class ChartShutdownTest {
    @TempDir
    private Path directory;

    @BeforeAll
    static void helm() {
        Manifests.requireHelm();
    }

    static List<Path> valueSets() {
        return Manifests.valueSets();
    }

    private ShutdownConfig shutdown(Manifests manifests) throws IOException {
        Path file = Files.writeString(directory.resolve("gateway.conf"), manifests.configuration());
        return GatewayConfig.load(file, Map.of(), Map.of("origin.url", "http://shop"))
                .sketch()
                .shutdown();
    }

    private static Duration sleep(Container container) {
        Lifecycle lifecycle = container.getLifecycle();
        return lifecycle == null
                ? Duration.ZERO
                : Duration.ofSeconds(lifecycle.getPreStop().getSleep().getSeconds());
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void thePodOutlivesGraceAndDrain(Path values) throws IOException {
        Manifests manifests = Manifests.of(values);
        ShutdownConfig shutdown = shutdown(manifests);
        Duration needed = sleep(manifests.gateway()).plus(shutdown.grace()).plus(shutdown.drain());
        assertThat(Duration.ofSeconds(manifests.pod().getTerminationGracePeriodSeconds()))
                .isGreaterThanOrEqualTo(needed.plusSeconds(5));
    }

    @Test
    void theTimeIsWhatTheValuesComeTo() throws IOException {
        Manifests manifests = Manifests.of("gateway", Map.of());
        assertThat(manifests.pod().getTerminationGracePeriodSeconds()).isEqualTo(40);
        assertThat(shutdown(manifests)).isEqualTo(new ShutdownConfig(Duration.ofSeconds(10), Duration.ofSeconds(25)));
        Manifests longer = Manifests.of(
                "gateway",
                Map.of("shutdown.graceSeconds", 20, "shutdown.drainSeconds", 100, "shutdown.preStopSeconds", 3));
        assertThat(longer.pod().getTerminationGracePeriodSeconds()).isEqualTo(128);
        assertThat(sleep(longer.gateway())).isEqualTo(Duration.ofSeconds(3));
        assertThat(Manifests.of("tls", Map.of()).pod().getTerminationGracePeriodSeconds())
                .isEqualTo(180);
    }

    @Test
    void aNativeSidecarEndsBehindItsApplicationWhichStaysUntilNobodyComesAnyMore() throws IOException {
        Manifests manifests = Manifests.of("sidecar", Map.of());
        assertThat(manifests.pod().getInitContainers())
                .extracting(Container::getName)
                .containsExactly("gateway");
        assertThat(manifests.gateway().getRestartPolicy()).isEqualTo("Always");
        assertThat(shutdown(manifests).grace()).isZero();
        assertThat(sleep(manifests.container("application"))).isEqualTo(Duration.ofSeconds(10));
        // The application's sleep and its own 20 s come first, then the gateway's drain.
        assertThat(manifests.pod().getTerminationGracePeriodSeconds()).isEqualTo(10 + 20 + 25 + 5);
    }

    @Test
    void aClassicSidecarFindsItsApplicationThereUntilItHasDrained() throws IOException {
        Manifests manifests = Manifests.of("classic-sidecar", Map.of());
        assertThat(manifests.pod().getInitContainers()).isEmpty();
        ShutdownConfig shutdown = shutdown(manifests);
        assertThat(sleep(manifests.container("application")))
                .isEqualTo(shutdown.grace().plus(shutdown.drain()));
        assertThat(manifests.pod().getTerminationGracePeriodSeconds()).isEqualTo(10 + 25 + 30 + 5);
    }

    @Test
    void whereTheKubeletCannotSleepAProgramOfTheImageDoes() {
        Manifests old = Manifests.of(
                Manifests.CHART.resolve("ci/classic-sidecar-values.yaml"),
                "1.27.0",
                Map.of("shutdown.preStopSeconds", 4));
        assertThat(old.gateway().getLifecycle().getPreStop().getExec().getCommand())
                .containsExactly("sleep", "4");
        assertThat(old.container("application")
                        .getLifecycle()
                        .getPreStop()
                        .getExec()
                        .getCommand())
                .containsExactly("sleep", "39");
    }

    @Test
    void aSidecarsApplicationIsReachedOnLoopbackAndToldItsPort() {
        Manifests manifests = Manifests.of("sidecar", Map.of());
        assertThat(manifests.configuration()).contains("\"url\": \"http://127.0.0.1:3000\"");
        assertThat(manifests.container("application").getEnv())
                .anyMatch(variable ->
                        variable.getName().equals("PORT") && variable.getValue().equals("3000"));
        assertThat(manifests.service().getSpec().getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getTargetPort().getStrVal()).isEqualTo("http"));
    }
}
