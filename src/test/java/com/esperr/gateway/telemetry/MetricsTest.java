package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void everyNameOfTheCatalogueIsShownExactlyAsWritten() {
        for (MeterName name : MeterName.values()) {
            String[] values = name.labels().stream().map(label -> "x").toArray(String[]::new);
            if (name.exposed().endsWith("_total")) {
                metrics.counter(name, () -> 3L, values);
            } else if (name.exposed().endsWith("_seconds")) {
                metrics.timer(name, List.of(Duration.ofMillis(1)), values).record(Duration.ofMillis(2));
            } else {
                metrics.gauge(name, () -> 3, values);
            }
        }
        Exposition shown = Exposition.of(metrics.scrape(null));
        for (MeterName name : MeterName.values()) {
            assertThat(shown.types()).containsKey(name.exposed());
            assertThat(shown.hasHelp(name.exposed())).as(name.exposed()).isTrue();
        }
        assertThat(shown.types().get("esper_request_seconds")).isEqualTo("histogram");
    }

    @Test
    void gaugesAreReadWhenSomebodyAsksEvenIfNobodyElseKeepsThem() {
        AtomicLong open = new AtomicLong(3);
        metrics.gauge(MeterName.CLIENT_CONNECTIONS, open::get);
        metrics.gauge(MeterName.UPSTREAM_CONNECTIONS, () -> 1, "idle");
        metrics.gauge(MeterName.UPSTREAM_CONNECTIONS, () -> 2, "leased");
        System.gc();
        open.set(5);
        Exposition shown = Exposition.of(metrics.scrape(null));
        assertThat(shown.value("esper_client_connections")).isEqualTo(5);
        assertThat(shown.value("esper_upstream_connections", "state", "idle")).isEqualTo(1);
        assertThat(shown.value("esper_upstream_connections", "state", "leased")).isEqualTo(2);
    }

    @Test
    void countersGoOnEvenIfNobodyElseKeepsThem() {
        AtomicLong retries = new AtomicLong(1);
        metrics.counter(MeterName.UPSTREAM_RETRIES, retries::get);
        assertThat(Exposition.of(metrics.scrape(null)).value("esper_upstream_retries_total"))
                .isEqualTo(1);
        System.gc();
        retries.set(2);
        assertThat(Exposition.of(metrics.scrape(null)).value("esper_upstream_retries_total"))
                .isEqualTo(2);
    }

    @Test
    void labelValuesMustBeAsManyAsTheCatalogueSays() {
        assertThatThrownBy(() -> metrics.gauge(MeterName.UPSTREAM_CONNECTIONS, () -> 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("esper_upstream_connections")
                .hasMessageContaining("[state]");
    }

    @Test
    void theBasicsOfTheProcessAreThere() {
        Exposition shown = Exposition.of(metrics.scrape(null));
        assertThat(shown.types())
                .containsKeys(
                        "jvm_memory_used_bytes",
                        "jvm_buffer_memory_used_bytes",
                        "jvm_threads_live_threads",
                        "process_cpu_usage",
                        "process_files_open_files",
                        "process_uptime_seconds");
        if (Files.isReadable(Path.of("/proc/self/status"))) {
            assertThat(shown.value("process_resident_memory_bytes")).isGreaterThan(1 << 20);
        }
    }

    @Test
    void openMetricsEndsWithItsMark() {
        Scrape scrape = metrics.scrape("application/openmetrics-text");
        assertThat(scrape.contentType()).startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(new String(scrape.body(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
    }

    @Test
    void askingForTheBinaryFormGetsText() {
        Scrape scrape = metrics.scrape(
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited");
        assertThat(scrape.contentType()).startsWith("text/plain; version=0.0.4");
        assertThat(Exposition.of(scrape).samples()).isNotEmpty();
    }
}
