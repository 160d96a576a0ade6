package com.esperr.gateway.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.FreePort;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces through the gateway: what the origin is told, and what the collector gets. */
class TracesIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String SAMPLED = "traceparent: 00-" + TRACE + "-" + SPAN + "-01";
    private static final String POLICIES = """
            policies = [
              { policy_id = door, priority = 1, clauses = [
                { name = gone, match { field = request_path, operator = Eq, value = /blocked }, mitigation = block }
                { name = ask, match { field = request_path, operator = Eq, value = /asked }, mitigation = challenge } ] }
            ]
            """;

    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start();
    private final TestCollector collector = new TestCollector();
    private TestGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        collector.close();
        origin.close();
    }

    private void start(String... more) throws IOException {
        Map<String, String> config = new HashMap<>(Map.of(
                "origin.url",
                origin.url(),
                "policies.path",
                Files.writeString(directory.resolve("policies.conf"), POLICIES).toString(),
                "challenge.url",
                "/prove?to={return_url}"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        gateway = TestGateway.start(config);
    }

    private void startTracing(String... more) throws IOException {
        String[] all = new String[more.length + 2];
        all[0] = "traces.endpoint";
        all[1] = collector.url();
        System.arraycopy(more, 0, all, 2, more.length);
        start(all);
    }

    private RawResponse get(String target, String... headers) {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: shop.test\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return RawClient.exchange(gateway.port(), request + "\r\n");
    }

    private List<TestCollector.Span> spans(int count) {
        await().atMost(LONG).until(() -> collector.spans().size() >= count);
        assertThat(collector.spans()).hasSize(count);
        return collector.spans();
    }

    private TestCollector.Span span(String name) {
        return collector.spans().stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " (expected: one of " + collector.spans() + ")"));
    }

    private double sum(String name) {
        return gateway.metrics().sum(name);
    }

    @Test
    void theOriginsParentIsOurQuestionWhoseParentIsOurRequestWhoseParentIsTheVisitors() throws IOException {
        startTracing("traces.service-name", "edge", "traces.sample", "0");
        assertThat(get("/page?token=canary-of-query", SAMPLED, "tracestate: a=1", "Cookie: s=canary-of-cookie")
                        .status())
                .isEqualTo(200);
        ReceivedRequest received = origin.onlyRequest();
        assertThat(received.headers().all("traceparent")).hasSize(1);
        assertThat(received.headers().all("tracestate")).containsExactly("a=1");
        String[] told = received.headers().all("traceparent").get(0).split("-");

        assertThat(spans(3)).allSatisfy(span -> {
            assertThat(span.traceId()).isEqualTo(TRACE);
            assertThat(span.service()).isEqualTo("edge");
            assertThat(span.end()).isGreaterThanOrEqualTo(span.start());
            assertThat(span.toString()).doesNotContain("canary");
        });
        TestCollector.Span request = span("GET /**");
        TestCollector.Span decision = span("decision");
        TestCollector.Span asked = span("GET");
        assertThat(request.parentId()).isEqualTo(SPAN);
        assertThat(request.kind()).as("SERVER").isEqualTo(2);
        assertThat(decision.parentId()).isEqualTo(request.spanId());
        assertThat(asked.parentId()).isEqualTo(request.spanId());
        assertThat(asked.kind()).as("CLIENT").isEqualTo(3);
        assertThat(told).containsExactly("00", TRACE, asked.spanId(), "01");
        assertThat(request.attributes())
                .containsEntry("http.request.method", "GET")
                .containsEntry("http.response.status_code", 200L)
                .containsEntry("url.path", "/page")
                .containsEntry("url.query", "REDACTED")
                .containsEntry("url.scheme", "http")
                .containsEntry("server.address", "shop.test")
                .containsEntry("client.address", "127.0.0.1")
                .containsEntry("http.route", "/**")
                .containsEntry("esper.outcome", "forwarded");
        assertThat(asked.attributes()).containsEntry("server.port", (long) origin.port());
        assertThat(decision.text("esper.decision.action")).isEqualTo("allow");
        await().atMost(LONG).until(() -> sum("esper_traces_spans_sent_total") == 3);
    }

    @Test
    void withoutAnythingOfTheVisitorsATraceBeginsHere() throws IOException {
        startTracing("traces.sample", "1");
        get("/page", "traceparent: 00-bad", "tracestate: a=1");
        spans(3);
        TestCollector.Span request = span("GET /**");
        assertThat(request.parentId()).isEmpty();
        assertThat(span("GET").parentId()).isEqualTo(request.spanId());
        ReceivedRequest received = origin.onlyRequest();
        assertThat(received.headers().all("traceparent"))
                .containsExactly("00-" + request.traceId() + "-" + span("GET").spanId() + "-01");
        assertThat(received.headers().all("tracestate"))
                .as("of a trace that is not followed")
                .isEmpty();
    }

    @Test
    void whatIsAnsweredHereHasADecisionAndPerhapsAChallengeAndNoOrigin() throws IOException {
        startTracing();
        assertThat(get("/blocked", SAMPLED).status()).isEqualTo(403);
        spans(2);
        assertThat(span("decision").attributes())
                .containsEntry("esper.decision.action", "block")
                .containsEntry("esper.decision.policy", "door");
        collector.spans().clear();
        get("/asked", SAMPLED);
        spans(3);
        assertThat(span("challenge").parentId()).isEqualTo(span("GET /**").spanId());
        assertThat(origin.requests()).isEmpty();
    }

    @Test
    void aFailureIsAnErrorInTheSpans() throws IOException {
        startTracing();
        origin.on("/reset", Behaviours.resetWithoutReply());
        assertThat(get("/reset", SAMPLED).status()).isEqualTo(502);
        spans(3);
        assertThat(span("GET /**").status()).as("ERROR").isEqualTo(2);
        assertThat(span("GET").status()).isEqualTo(2);
        assertThat(span("GET").text("error.type")).isNotEqualTo("null");
    }

    @Test
    void whatIsNotSampledIsPassedOnAndNotTold() throws IOException {
        startTracing("traces.sample", "0");
        get("/one", SAMPLED.replaceAll("1$", "0"));
        get("/two");
        get("/three", SAMPLED);
        spans(3);
        assertThat(span("GET /**").text("url.path")).isEqualTo("/three");
        List<ReceivedRequest> received = origin.awaitRequests(3);
        assertThat(received.get(0).headers().all("traceparent").get(0))
                .startsWith("00-" + TRACE)
                .endsWith("-00");
        assertThat(received.get(1).headers().all("traceparent").get(0)).endsWith("-00");
    }

    @Test
    void aVisitorsTraceIsNotFollowedWhereThatIsNotWanted() throws IOException {
        startTracing("traces.follow", "false", "traces.sample", "1");
        get("/one", SAMPLED, "tracestate: a=1");
        spans(3);
        assertThat(span("GET /**").traceId()).isNotEqualTo(TRACE);
        assertThat(origin.onlyRequest().headers().all("tracestate")).isEmpty();
    }

    @Test
    void withoutACollectorAllPassesAsItIs() throws IOException {
        start();
        get("/one", "traceparent: 00-bad", "tracestate: a=1");
        assertThat(origin.onlyRequest().headers().all("traceparent")).containsExactly("00-bad");
        assertThat(origin.onlyRequest().headers().all("tracestate")).containsExactly("a=1");
    }

    @Test
    void aCollectorThatIsNotThereOrRefusesHurtsNobody() throws IOException {
        collector.answer(400);
        startTracing("traces.sample", "1", "traces.timeout", "1s");
        for (int i = 0; i < 20; i++) {
            assertThat(get("/page").status()).isEqualTo(200);
        }
        await().atMost(LONG).until(() -> sum("esper_traces_spans_dropped_total") == 60);
        collector.answer(200);
        get("/again");
        spans(3);
        gateway.close();
        start("traces.endpoint", "http://127.0.0.1:" + FreePort.next() + "/v1/traces", "traces.sample", "1");
        assertThat(get("/page").status()).isEqualTo(200);
        await().atMost(LONG).until(() -> sum("esper_traces_spans_dropped_total") == 3);
    }
}
