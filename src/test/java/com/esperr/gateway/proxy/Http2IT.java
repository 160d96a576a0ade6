package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Http2Frame;
import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.ReceivedRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests and responses of visitors who speak HTTP/2 from the first byte, frame by frame. */
class Http2IT {
    private final Scene scene = Scene.with("limits.body", "100 KiB", "limits.half-close", "0s");
    private final RawHttp2Client client = RawHttp2Client.connect(scene.gateway.port());

    @AfterEach
    void close() {
        client.close();
        scene.close();
    }

    @Test
    void aRequestIsForwardedAsHttp1AndItsResponseComesBack() {
        Http2Response response = client.exchange(1, "/page?q=1", "user-agent", "test", "x-own", "a, b");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("GET /page?q=1\n");
        assertThat(response.head()).contains("via: 1.1 esper-gateway").anyMatch(line -> line.startsWith("date: "));
        assertThat(response.reset()).isNull();
        ReceivedRequest request = scene.origin.onlyRequest();
        assertThat(request.rawHead()).startsWith("GET /page?q=1 HTTP/1.1\r\nhost: gw.test\r\n");
        assertThat(request.header("via")).startsWith("2 esper-gateway (");
        assertThat(request.header("x-own")).isEqualTo("a, b");
        assertThat(request.headers().all("transfer-encoding")).isEmpty();
    }

    @Test
    void requestsOfOneConnectionAreAnsweredAsTheyBecomeReady() {
        CountDownLatch slow = new CountDownLatch(1);
        scene.origin.on("/slow", Behaviours.stallUntil(slow, Behaviours.respond(200, "slow")));
        client.get(1, "/slow").get(3, "/fast");
        assertThat(client.response(3).text()).isEqualTo("GET /fast\n");
        slow.countDown();
        assertThat(client.response(1).text()).isEqualTo("slow");
    }

    @Test
    void crumbsOfACookieAreOneLine() {
        client.exchange(1, "/", "cookie", "a=1", "cookie", "b=2", "accept", "*/*", "cookie", "c=3");
        assertThat(scene.origin.onlyRequest().headers().all("cookie")).containsExactly("a=1; b=2; c=3");
    }

    @Test
    void theHostMayStandInItsOwnField() {
        client.headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/", "host", "other.test");
        assertThat(client.response(1).status()).isEqualTo(200);
        assertThat(scene.origin.onlyRequest().headers().all("host")).containsExactly("other.test");
    }

    @Test
    void aBodyIsForwardedInChunksOrByItsLength() {
        client.post(1, "/a").data(1, false, bytes("hello ")).data(1, true, bytes("world"));
        assertThat(client.response(1).status()).isEqualTo(200);
        client.post(3, "/b", "content-length", "5").data(3, true, bytes("12345"));
        assertThat(client.response(3).status()).isEqualTo(200);
        List<ReceivedRequest> requests = scene.origin.awaitRequests(2);
        assertThat(requests.get(0).bodyText()).isEqualTo("hello world");
        assertThat(requests.get(0).header("transfer-encoding")).isEqualTo("chunked");
        assertThat(requests.get(1).bodyText()).isEqualTo("12345");
        assertThat(requests.get(1).header("content-length")).isEqualTo("5");
    }

    @Test
    void paddingIsNoPartOfABody() {
        client.post(1, "/");
        client.send(
                RawHttp2Client.DATA,
                RawHttp2Client.PADDED,
                1,
                (byte) 3,
                (byte) 'o',
                (byte) 'k',
                (byte) 0,
                (byte) 0,
                (byte) 0);
        client.data(1, true);
        assertThat(client.response(1).status()).isEqualTo(200);
        assertThat(scene.origin.onlyRequest().bodyText()).isEqualTo("ok");
    }

    @Test
    void trailersAreForwardedBothWays() {
        scene.origin.otherwise(Behaviours.chunkedWithTrailers(List.of("body"), "grpc-status: 0", "x-sum: 7"));
        client.post(1, "/", "te", "trailers").data(1, false, bytes("x"));
        client.send(
                RawHttp2Client.HEADERS,
                RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
                1,
                RawHttp2Client.block("x-check", "1"));
        Http2Response response = client.response(1);
        assertThat(response.text()).isEqualTo("body");
        assertThat(response.trailers()).containsExactly("grpc-status: 0", "x-sum: 7");
        ReceivedRequest request = scene.origin.onlyRequest();
        assertThat(request.trailers().all("x-check")).containsExactly("1");
        assertThat(request.header("te")).isEqualTo("trailers");
    }

    @Test
    void responsesWithoutABodyEndWithTheirHead() {
        assertThat(head(1, "/some").head()).contains("content-length: 11");
        for (int status : new int[] {204, 304}) {
            scene.origin.on("/" + status, Behaviours.respond(status, ""));
            Http2Response response = client.exchange(status * 2 + 1, "/" + status);
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.body()).isEmpty();
        }
    }

    private Http2Response head(int stream, String path) {
        client.headers(stream, true, ":method", "HEAD", ":scheme", "http", ":authority", "gw.test", ":path", path);
        return client.response(stream);
    }

    @Test
    void interimResponsesAreRelayed() {
        scene.origin.otherwise(
                Behaviours.interim(List.of("103 Early Hints\r\nLink: </style.css>"), Behaviours.respond(200, "page")));
        Http2Response response = client.exchange(1, "/");
        assertThat(response.heads().get(0)).containsExactly(":status: 103", "link: </style.css>");
        assertThat(response.text()).isEqualTo("page");
    }

    @Test
    void aClientThatExpectsToBeToldSendsItsBodyThen() {
        client.post(1, "/", "expect", "100-continue", "content-length", "2");
        Http2Frame told = client.awaitType(RawHttp2Client.HEADERS);
        assertThat(told.has(RawHttp2Client.END_STREAM)).isFalse();
        client.data(1, true, bytes("ok"));
        assertThat(client.response(1).status()).isEqualTo(200);
        assertThat(scene.origin.onlyRequest().bodyText()).isEqualTo("ok");
    }

    @Test
    void anAnswerOfOursComesBeforeTheBodyAndLeavesTheConnectionAlone() {
        client.post(1, "/blocked");
        Http2Response response = client.response(1);
        assertThat(response.status()).isEqualTo(403);
        Http2Frame reset = client.awaitType(RawHttp2Client.RST_STREAM);
        assertThat(reset.errorCode()).isEqualTo(RawHttp2Client.NO_ERROR);
        assertThat(client.exchange(3, "/next").status()).isEqualTo(200);
        assertThat(scene.origin.awaitRequests(1)).hasSize(1);
    }

    @Test
    void anAnswerOfTheOriginsMayComeBeforeTheBodyEnds() {
        scene.origin.otherwise(Behaviours.earlyFinal(413, "too much"));
        client.post(1, "/").data(1, false, bytes("a"));
        Http2Response response = client.response(1);
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.text()).isEqualTo("too much");
        assertThat(client.awaitType(RawHttp2Client.RST_STREAM).errorCode()).isEqualTo(RawHttp2Client.NO_ERROR);
    }

    @Test
    void aLengthThatTheDataBeliesIsRefused() {
        client.post(1, "/", "content-length", "5").data(1, true, bytes("1234"));
        assertThat(client.response(1).status()).isEqualTo(400);
        client.post(3, "/", "content-length", "3").data(3, true, bytes("1234"));
        assertThat(client.response(3).status()).isEqualTo(400);
        assertThat(scene.gateway.failures(FailureReason.AMBIGUOUS_FRAMING)).isEqualTo(2);
        assertThat(client.exchange(5, "/next").status()).isEqualTo(200);
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() {
        // Behind an answer the settings are known, and with them how much may be sent at once.
        client.exchange(1, "/");
        client.post(3, "/");
        for (int i = 0; i < 7; i++) {
            client.data(3, false, new byte[16_000]);
        }
        assertThat(client.response(3).status()).isEqualTo(413);
    }

    @Test
    void aRequestTakenBackIsTakenBackFromTheOrigin() {
        scene.origin.otherwise(Behaviours.silent());
        client.get(1, "/");
        scene.origin.awaitBytes(1);
        client.reset(1, 8);
        await().atMost(30, TimeUnit.SECONDS).until(() -> scene.origin.connectionsOpen() == 0);
        await().atMost(30, TimeUnit.SECONDS).until(() -> scene.gateway.failures(FailureReason.CLIENT_ABORTED) == 1);
    }

    @Test
    void aResponseThatBreaksOffResetsItsStreamOnly() {
        scene.origin.on("/cut", Behaviours.closeMidBody(100, 10));
        client.get(1, "/cut");
        Http2Response response = client.response(1);
        assertThat(response.status()).isIn(200, 502);
        assertThat(response.status() == 200 ? response.reset() : Integer.valueOf(2))
                .isEqualTo(2);
        assertThat(client.exchange(3, "/next").status()).isEqualTo(200);
    }

    @Test
    void theVersionIsFoundOutHoweverItsFirstBytesCome() {
        try (RawHttp2Client slow = RawHttp2Client.open(scene.gateway.port())) {
            for (byte octet : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII)) {
                slow.sendRaw(new byte[] {octet});
            }
            slow.send(RawHttp2Client.SETTINGS, 0, 0);
            assertThat(slow.exchange(1, "/").status()).isEqualTo(200);
        }
        try (RawClient http1 = scene.client()) {
            http1.send("P").send("UT / HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 0\r\n\r\n");
            assertThat(http1.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void anUpgradeToHttp2IsIgnored() {
        assertThat(scene.ask("GET /", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
                        .status())
                .isEqualTo(200);
        assertThat(scene.origin.onlyRequest().headers().all("upgrade")).isEmpty();
    }

    @Test
    void streamsAndConnectionsAreCounted() {
        client.exchange(1, "/");
        assertThat(scene.gateway.metric("esper_http2_connections")).isEqualTo(1);
        assertThat(scene.gateway.metric("esper_http2_requests_total")).isEqualTo(1);
        assertThat(scene.gateway.metric("esper_client_connections")).isGreaterThanOrEqualTo(1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
