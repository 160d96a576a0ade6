package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What links numbers with single requests: traces in histograms, and times in responses. */
class ExemplarsIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final Duration LONG = Duration.ofSeconds(30);

    private final TestOrigin origin = TestOrigin.start();
    private TestGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        origin.close();
    }

    private void start(String... more) {
        Map<String, String> config = new HashMap<>(Map.of("origin.url", origin.url()));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        gateway = TestGateway.start(config);
    }

    private RawResponse get(String path, String headers) {
        return RawClient.exchange(
                gateway.port(), "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\n" + headers + "\r\n");
    }

    private String scrape(String accept) {
        return RawClient.exchange(
                        gateway.adminPort(),
                        "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept + "\r\n\r\n")
                .bodyText();
    }

    @Test
    void aHistogramNamesATraceThatIsRecorded() {
        start();
        await().atMost(LONG).until(() -> {
            // Which of several requests it names is the library's affair.
            get("/page", "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01\r\n");
            return scrape("application/openmetrics-text").contains(TRACE);
        });
        assertThat(scrape("application/openmetrics-text").lines())
                .filteredOn(line -> line.startsWith("esper_request_seconds_bucket"))
                .anySatisfy(line ->
                        assertThat(line).contains("# {span_id=\"00f067aa0ba902b7\",trace_id=\"" + TRACE + "\"}"));
        assertThat(scrape("text/plain")).doesNotContain(TRACE);
    }

    @Test
    void aTraceThatIsNotRecordedIsNotNamed() {
        start();
        for (int i = 0; i < 5; i++) {
            get("/page", "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-00\r\n");
            get("/page", "");
        }
        await().atMost(LONG).until(() -> gateway.metrics().sum("esper_requests_total") == 10);
        assertThat(scrape("application/openmetrics-text"))
                .contains("esper_request_seconds_bucket")
                .doesNotContain(TRACE, "# {");
    }

    @Test
    void timesAreToldOnlyIfThatIsWantedAndBesidesTheOriginsOwn() {
        origin.on("/own", Behaviours.respond(200, "hello", "Server-Timing: db;dur=53", "Server-Timing: app;dur=4.7"));
        start("response.server-timing", "true");
        assertThat(get("/plain", "").header("Server-Timing"))
                .matches("esper-decision;dur=[0-9]+\\.[0-9]{3}, esper-origin;dur=[0-9]+\\.[0-9]{3}");
        assertThat(get("/own", "").header("Server-Timing"))
                .matches("db;dur=53, app;dur=4\\.7, esper-decision;dur=[0-9.]+, esper-origin;dur=[0-9.]+");
        gateway.close();
        start();
        assertThat(get("/plain", "").header("Server-Timing")).isEmpty();
        assertThat(get("/own", "").toString()).contains("db;dur=53").doesNotContain("esper-decision;dur");
    }
}
