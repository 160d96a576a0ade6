package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.Http3Call;
import com.esperr.gateway.testkit.RawHttp3Client;
import com.esperr.gateway.testkit.ReceivedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests and responses of visitors who speak HTTP/3. */
class Http3IT {
    private final Http3Scene scene = Http3Scene.with("limits.body", "100 KiB");
    private final RawHttp3Client client = scene.client();

    @AfterEach
    void close() {
        client.close();
        scene.close();
    }

    @Test
    void aRequestIsForwardedAsHttp1AndItsResponseComesBack() {
        Http2Response response = client.exchange("/page?q=1", "user-agent", "test", "x-own", "a, b");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("GET /page?q=1\n");
        assertThat(response.head()).contains("via: 1.1 esper-gateway").anyMatch(line -> line.startsWith("date: "));
        assertThat(response.reset()).isNull();
        ReceivedRequest request = scene.origin.onlyRequest();
        assertThat(request.rawHead()).startsWith("GET /page?q=1 HTTP/1.1\r\nhost: gw.test\r\n");
        assertThat(request.header("via")).startsWith("3 esper-gateway (");
        assertThat(request.header("x-own")).isEqualTo("a, b");
        assertThat(request.headers().all("transfer-encoding")).isEmpty();
    }

    @Test
    void requestsOfOneConnectionAreAnsweredAsTheyBecomeReady() {
        CountDownLatch slow = new CountDownLatch(1);
        scene.origin.on("/slow", Behaviours.stallUntil(slow, Behaviours.respond(200, "slow")));
        Http3Call first = client.get("/slow");
        assertThat(client.exchange("/fast").text()).isEqualTo("GET /fast\n");
        slow.countDown();
        assertThat(first.response().text()).isEqualTo("slow");
    }

    @Test
    void aBodyIsForwardedInChunksOrByItsLength() {
        Http3Call chunked = client.open()
                .head("POST", "/a")
                .data(bytes("hello "))
                .data(bytes("world"))
                .finish();
        assertThat(chunked.response().status()).isEqualTo(200);
        Http3Call measured = client.open()
                .head("POST", "/b", "content-length", "5")
                .data(bytes("12345"))
                .finish();
        assertThat(measured.response().status()).isEqualTo(200);
        List<ReceivedRequest> requests = scene.origin.awaitRequests(2);
        assertThat(requests.get(0).bodyText()).isEqualTo("hello world");
        assertThat(requests.get(0).header("transfer-encoding")).isEqualTo("chunked");
        assertThat(requests.get(1).bodyText()).isEqualTo("12345");
        assertThat(requests.get(1).header("content-length")).isEqualTo("5");
    }

    @Test
    void trailersAreForwardedBothWays() {
        scene.origin.otherwise(Behaviours.chunkedWithTrailers(List.of("body"), "grpc-status: 0", "x-sum: 7"));
        Http2Response response = client.open()
                .head("POST", "/", "te", "trailers")
                .data(bytes("x"))
                .section("x-check", "1")
                .finish()
                .response();
        assertThat(response.text()).isEqualTo("body");
        assertThat(response.trailers()).containsExactly("grpc-status: 0", "x-sum: 7");
        ReceivedRequest request = scene.origin.onlyRequest();
        assertThat(request.trailers().all("x-check")).containsExactly("1");
        assertThat(request.header("te")).isEqualTo("trailers");
    }

    @Test
    void responsesWithoutABodyEndWithTheirHead() {
        assertThat(client.open().head("HEAD", "/some").finish().response().head())
                .contains("content-length: 11");
        for (int status : new int[] {204, 304}) {
            scene.origin.on("/" + status, Behaviours.respond(status, ""));
            Http2Response response = client.exchange("/" + status);
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.body()).isEmpty();
        }
    }

    @Test
    void interimResponsesAreRelayed() {
        scene.origin.otherwise(
                Behaviours.interim(List.of("103 Early Hints\r\nLink: </style.css>"), Behaviours.respond(200, "page")));
        Http2Response response = client.exchange("/");
        assertThat(response.heads().get(0)).containsExactly(":status: 103", "link: </style.css>");
        assertThat(response.text()).isEqualTo("page");
    }

    @Test
    void aClientThatExpectsToBeToldSendsItsBodyThen() {
        Http3Call call = client.open().head("POST", "/", "expect", "100-continue", "content-length", "2");
        call.awaitHead();
        assertThat(call.isDone()).isFalse();
        assertThat(call.data(bytes("ok")).finish().response().status()).isEqualTo(200);
        assertThat(scene.origin.onlyRequest().bodyText()).isEqualTo("ok");
    }

    @Test
    void whatEndsLaterThanItsHeadMayStillHaveNoBody() {
        assertThat(client.open().head("GET", "/late").finish().response().status())
                .isEqualTo(200);
        Http3Call unended = client.open().head("GET", "/unended");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> scene.origin.requests().size() == 2);
        assertThat(unended.finish().response().status()).isEqualTo(200);
    }

    @Test
    void anAnswerOfOursComesBeforeTheBodyAndLeavesTheConnectionAlone() {
        Http2Response response = client.open().head("POST", "/blocked").response();
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.reset()).isNull();
        assertThat(client.exchange("/next").status()).isEqualTo(200);
        assertThat(scene.origin.awaitRequests(1)).hasSize(1);
    }

    @Test
    void challengesAndBlocksLookAsTheyDoElsewhere() {
        assertThat(client.exchange("/blocked").status()).isEqualTo(403);
        Http2Response challenged = client.exchange("/challenged", "accept", "text/html", "sec-fetch-mode", "navigate");
        assertThat(challenged.status()).isIn(302, 303, 307);
        assertThat(challenged.head()).anyMatch(line -> line.startsWith("location: " + Scene.CHALLENGE));
        assertThat(scene.origin.requests()).isEmpty();
    }

    @Test
    void anAnswerOfTheOriginsMayComeBeforeTheBodyEnds() {
        scene.origin.otherwise(Behaviours.earlyFinal(413, "too much"));
        Http2Response response =
                client.open().head("POST", "/").data(bytes("a")).response();
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.text()).isEqualTo("too much");
    }

    @Test
    void aBodyThatIsLargerThanAllowedIsAnswered() {
        Http2Response response =
                client.open().head("POST", "/").data(new byte[200 << 10]).response();
        assertThat(response.status()).isEqualTo(413);
    }

    @Test
    void aRequestThatIsTakenBackIsTakenBackAtTheOrigin() {
        CountDownLatch never = new CountDownLatch(1);
        scene.origin.otherwise(Behaviours.stallUntil(never, Behaviours.respond(200, "late")));
        Http3Call upload = client.open().head("POST", "/upload").data(bytes("part"));
        Http3Call download = client.get("/download");
        await().atMost(Duration.ofSeconds(30)).until(() -> scene.origin.connectionsOpen() == 2);
        upload.reset().stop();
        // All of it was sent: only what it is sent shows that nobody waits for the answer any more.
        download.awaitNothing().stop();
        await().atMost(Duration.ofSeconds(30)).until(() -> scene.origin.connectionsOpen() == 0);
        assertThat(client.isOpen()).isTrue();
        never.countDown();
    }

    @Test
    void recordsAndNumbersSayThatItWasHttp3() {
        client.exchange("/");
        assertThat(scene.gateway.metric("esper_http3_requests_total")).isEqualTo(1);
        assertThat(scene.gateway.metric("esper_http3_connections")).isEqualTo(1);
        assertThat(scene.gateway.metric("esper_client_connections")).isEqualTo(1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
