package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.RawHttp3Client;
import com.esperr.gateway.testkit.RawResponse;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page that people see who are blocked, as it comes over the wire. */
class BlockPageIT {
    private static final String NAVIGATION = "Accept: text/html";
    private static final String GZIP = "Accept-Encoding: gzip, deflate, br, zstd";

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.with();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void whoTakesGzipGetsItWithHisOwnReferenceEachTime() {
        Set<String> references = new HashSet<>();
        try (RawClient client = scene.client()) {
            for (int i = 0; i < 50; i++) {
                client.send(Scene.request("GET /blocked/" + i % 3, NAVIGATION, GZIP));
                RawResponse response = client.readResponse();
                assertThat(response.status()).isEqualTo(403);
                assertThat(response.headers().only("Content-Encoding")).isEqualTo("gzip");
                assertThat(response.headers().only("Content-Length")).isEqualTo(String.valueOf(response.bodyLength()));
                assertThat(response.headers().only("Vary")).contains("Accept-Encoding");
                assertThat(response.headers().only("Esper-Mitigated")).isEqualTo("block");
                String reference = response.headers().only("Esper-Reference");
                assertThat(Gzip.text(response.body()))
                        .contains("<title>", "gw.test", reference)
                        .endsWith("</html>\n");
                references.add(reference);
            }
        }
        assertThat(references).hasSize(50);
    }

    @Test
    void whoDoesNotSaySoGetsThePageAsItIs() {
        RawResponse response = scene.ask("GET /blocked", NAVIGATION);
        assertThat(response.headers().has("Content-Encoding")).isFalse();
        assertThat(response.bodyText()).contains("<title>", response.headers().only("Esper-Reference"));
        RawResponse twice = scene.ask("GET /blocked", NAVIGATION, "Accept-Encoding: gzip", "Accept-Encoding: identity");
        assertThat(twice.bodyText()).contains("<title>");
    }

    @Test
    void aHeadIsAnsweredAsAGetWouldBe() {
        String length = scene.ask("GET /blocked", NAVIGATION, GZIP).headers().only("Content-Length");
        try (RawClient client = scene.client()) {
            for (int i = 0; i < 2; i++) {
                client.send(Scene.request("HEAD /blocked", NAVIGATION, GZIP));
                RawResponse response = client.readResponse("HEAD");
                assertThat(response.headers().only("Content-Encoding")).isEqualTo("gzip");
                assertThat(response.headers().only("Content-Length")).isEqualTo(length);
            }
        }
    }

    @Test
    void programsGetTheirOwnFormAsItIs() {
        RawResponse response = scene.ask("GET /blocked", "Accept: application/json", GZIP);
        assertThat(response.headers().has("Content-Encoding")).isFalse();
        assertThat(response.header("content-type")).isEqualTo("application/problem+json");
        assertThat(response.bodyText()).contains(response.headers().only("Esper-Reference"));
    }

    @Test
    void soItIsWithHttp2() {
        try (RawHttp2Client client = RawHttp2Client.connect(scene.gateway.port())) {
            for (int stream = 1; stream < 20; stream += 2) {
                compressed(client.exchange(stream, "/blocked", "accept", "text/html", "accept-encoding", "gzip"));
            }
        }
    }

    @Test
    void andWithHttp3() {
        try (Http3Scene http3 = Http3Scene.with();
                RawHttp3Client client = http3.client()) {
            for (int i = 0; i < 3; i++) {
                compressed(client.exchange("/blocked", "accept", "text/html", "accept-encoding", "gzip"));
            }
        }
    }

    private static void compressed(Http2Response response) {
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.head()).contains("content-encoding: gzip", "content-length: " + response.body().length);
        String reference = response.head().stream()
                .filter(line -> line.startsWith("esper-reference: "))
                .findFirst()
                .orElseThrow()
                .substring("esper-reference: ".length());
        assertThat(Gzip.text(response.body())).contains("<html", reference);
    }
}
