package com.esperr.gateway.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.Http3Call;
import com.esperr.gateway.testkit.Patience;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.RawHttp3Client;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces of requests that share one connection, over HTTP/2 and HTTP/3: the same spans as over HTTP/1.1, each in the trace of its request. */
class TracesOfVersionsIT {
    private static final List<String> TRACES =
            List.of("11111111111111111111111111111111", "22222222222222222222222222222222");
    private static final String SPAN = "00f067aa0ba902b7";

    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start();
    private final TestCollector collector = new TestCollector();

    @AfterEach
    void stop() {
        collector.close();
        origin.close();
    }

    private TestGateway start(String hocon) {
        return TestGateway.start(
                hocon, Map.of("origin.url", origin.url(), "traces.endpoint", collector.url(), "traces.sample", "0"));
    }

    /** The field of the request number {@code index}. */
    private static String[] traced(int index) {
        return new String[] {"traceparent", "00-" + TRACES.get(index) + '-' + SPAN + "-01", "tracestate", "a=" + index};
    }

    private void assertSpans(String version, String scheme) {
        await().atMost(Patience.LIMIT).until(() -> collector.spans().size() >= 6);
        assertThat(collector.spans()).hasSize(6);
        for (int i = 0; i < TRACES.size(); i++) {
            TestCollector.Span request = span(TRACES.get(i), "GET /**");
            TestCollector.Span asked = span(TRACES.get(i), "GET");
            assertThat(request.parentId()).isEqualTo(SPAN);
            assertThat(request.kind()).as("SERVER").isEqualTo(2);
            assertThat(span(TRACES.get(i), "decision").parentId()).isEqualTo(request.spanId());
            assertThat(asked.parentId()).isEqualTo(request.spanId());
            assertThat(request.attributes())
                    .containsEntry("http.request.method", "GET")
                    .containsEntry("http.response.status_code", 200L)
                    .containsEntry("url.path", "/page" + i)
                    .containsEntry("url.scheme", scheme)
                    .containsEntry("server.address", "gw.test")
                    .containsEntry("network.protocol.version", version)
                    .containsEntry("esper.outcome", "forwarded");
            String target = "/page" + i;
            ReceivedRequest received = origin.requests().stream()
                    .filter(one -> one.target().equals(target))
                    .findFirst()
                    .orElseThrow();
            assertThat(received.headers().all("traceparent"))
                    .containsExactly("00-" + TRACES.get(i) + '-' + asked.spanId() + "-01");
            assertThat(received.headers().all("tracestate")).containsExactly("a=" + i);
        }
    }

    private TestCollector.Span span(String trace, String name) {
        return collector.spans().stream()
                .filter(span -> span.traceId().equals(trace) && span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " (expected: one of " + collector.spans() + ")"));
    }

    @Test
    void streamsOfHttp2HaveTheSpansOfTheirOwnRequests() {
        try (TestGateway gateway = start("");
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.get(1, "/page0", traced(0)).get(3, "/page1", traced(1));
            assertThat(List.of(client.response(1), client.response(3)))
                    .extracting(Http2Response::status)
                    .containsExactly(200, 200);
            assertSpans("2", "http");
        }
    }

    @Test
    void streamsOfHttp3HaveTheSpansOfTheirOwnRequests() {
        X509Bundle site = Certificates.issued(Certificates.authority(), "gw.test", "localhost");
        String tls = "listen.http3.enabled = true\nlisten.tls.certificates = [ { certificate-file = \""
                + Certificates.chain(site, directory.resolve("site.pem")) + "\", key-file = \""
                + Certificates.key(site, directory.resolve("site.key")) + "\" } ]\n";
        try (TestGateway gateway = start(tls);
                RawHttp3Client client = RawHttp3Client.connect(gateway.port())) {
            Http3Call first = client.get("/page0", traced(0));
            Http3Call second = client.get("/page1", traced(1));
            assertThat(List.of(first.response(), second.response()))
                    .extracting(Http2Response::status)
                    .containsExactly(200, 200);
            assertSpans("3", "https");
        }
    }
}
