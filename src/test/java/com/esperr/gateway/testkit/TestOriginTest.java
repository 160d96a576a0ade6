package com.esperr.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TestOriginTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private final TestOrigin origin = TestOrigin.start();

    @AfterEach
    void stop() {
        origin.close();
    }

    @Test
    void recordsTheHeadByteForByte() {
        String head = "POST /p?q=%20 HTTP/1.1\r\nHost: x\r\nX-ODD:  a  b \r\nContent-Length: 3\r\n\r\n";
        RawClient.exchange(origin.port(), head + "abc");
        ReceivedRequest request = origin.onlyRequest();
        assertThat(request.rawHead()).isEqualTo(head);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/p?q=%20");
        assertThat(request.path()).isEqualTo("/p");
        assertThat(request.header("x-odd")).isEqualTo("a  b");
        assertThat(request.bodyText()).isEqualTo("abc");
        assertThat(request.isComplete()).isTrue();
        assertThat(origin.violations()).isEmpty();
    }

    @Test
    void countsBytesConnectionsAndRequestsOnThem() {
        try (RawClient client = RawClient.connect(origin.port())) {
            client.send(GET).readResponse();
            client.send(GET).readResponse();
            assertThat(origin.connectionsOpen()).isEqualTo(1);
        }
        assertThat(origin.awaitRequests(2))
                .extracting(ReceivedRequest::indexOnConnection)
                .containsExactly(0, 1);
        assertThat(origin.requests()).extracting(ReceivedRequest::connectionId).containsOnly(1);
        assertThat(origin.bytesReceived()).isEqualTo(2L * GET.length());
        await().until(() -> origin.connectionsOpen() == 0);
    }

    @Test
    void recordsChunkedBodiesWithTrailers() {
        RawClient.exchange(
                origin.port(),
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n");
        ReceivedRequest request = origin.onlyRequest();
        assertThat(request.bodyText()).isEqualTo("abc0123456789");
        assertThat(request.trailers().only("x-t")).isEqualTo("1");
    }

    @Test
    void checksumsBodiesItDoesNotKeep() {
        long size = 20L << 20;
        try (RawClient client = RawClient.connect(origin.port())) {
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + size + "\r\n\r\n")
                    .sendPattern(size)
                    .readResponse();
        }
        ReceivedRequest request = origin.onlyRequest();
        assertThat(request.bodyLength()).isEqualTo(size);
        assertThat(request.bodyCrc32()).isEqualTo(Pattern.crc32(size));
        assertThat(request.body()).hasSize(BodyCapture.CAP);
    }

    @Test
    void streamsWithoutKeeping() {
        long size = 20L << 20;
        origin.on("/length", Behaviours.stream(size)).on("/chunked", Behaviours.streamChunked(size));
        for (String path : new String[] {"/length", "/chunked"}) {
            RawResponse response = RawClient.exchange(origin.port(), "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(response.bodyLength()).isEqualTo(size);
            assertThat(response.bodyCrc32()).isEqualTo(Pattern.crc32(size));
        }
    }

    @Test
    void echoesABody() {
        origin.otherwise(Behaviours.echo());
        assertThat(RawClient.exchange(origin.port(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
                        .bodyText())
                .isEqualTo("hello");
    }

    @Test
    void answersBeforeTheBodyHasArrived() {
        origin.otherwise(Behaviours.earlyFinal(403, "no"));
        try (RawClient client = RawClient.connect(origin.port())) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe");
            assertThat(client.readResponse().status()).isEqualTo(403);
            client.send("llo");
        }
        assertThat(origin.onlyRequest().bodyText()).isEqualTo("hello");
    }

    @Test
    void holdsAReplyUntilTheLatchOpens() {
        CountDownLatch latch = new CountDownLatch(1);
        origin.otherwise(Behaviours.stallUntil(latch, Behaviours.hello()));
        try (RawClient client = RawClient.connect(origin.port()).send(GET)) {
            await().until(() -> origin.requests().size() == 1);
            assertThat(client.bytesReceived()).isZero();
            latch.countDown();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void noticesThatTheClientLeftWhileItHolds() {
        origin.otherwise(Behaviours.silent());
        try (RawClient client = RawClient.connect(origin.port()).send(GET)) {
            await().until(() -> origin.requests().size() == 1);
            client.reset();
        }
        await().until(() -> origin.connectionsOpen() == 0);
    }

    @Test
    void closesOrResetsWithoutAReply() {
        origin.on("/close", Behaviours.closeWithoutReply()).on("/reset", Behaviours.resetWithoutReply());
        for (String path : new String[] {"/close", "/reset"}) {
            try (RawClient client = RawClient.connect(origin.port())) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(client.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void resetsInTheMiddleOfABody() {
        CountDownLatch latch = new CountDownLatch(1);
        origin.otherwise(Behaviours.resetMidBody(100, 10, latch));
        try (RawClient client = RawClient.connect(origin.port()).send(GET)) {
            client.readHead();
            assertThat(client.readBytes(10)).hasSize(10);
            latch.countDown();
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void takesTurns() {
        origin.otherwise(Behaviours.inTurn(Behaviours.respond(500, ""), Behaviours.respond(200, "")));
        assertThat(RawClient.exchange(origin.port(), GET).status()).isEqualTo(500);
        assertThat(RawClient.exchange(origin.port(), GET).status()).isEqualTo(200);
        assertThat(RawClient.exchange(origin.port(), GET).status()).isEqualTo(200);
    }

    @Test
    void comesBackOnTheSamePort() {
        int port = origin.port();
        origin.stop();
        assertThatThrownBy(() -> RawClient.connect(port)).isInstanceOf(UncheckedIOException.class);
        origin.restart();
        assertThat(origin.port()).isEqualTo(port);
        assertThat(RawClient.exchange(port, GET).status()).isEqualTo(200);
    }

    @Test
    void notesWhatAStrictOriginWouldRefuse() {
        RawClient.exchange(
                origin.port(),
                "POST / HTTP/1.1\r\nHost: x\r\nHost: y\r\nBad Name: 1\r\nContent-Length: 5\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        assertThat(origin.violations()).anyMatch(problem -> problem.startsWith("framing:"));
        assertThat(origin.violations()).anyMatch(problem -> problem.startsWith("host:"));
        assertThat(origin.violations()).anyMatch(problem -> problem.startsWith("header name:"));
    }

    @Test
    void notesBadChunks() {
        try (RawClient client = RawClient.connect(origin.port())) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n");
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThat(origin.violations()).singleElement().asString().contains("chunk size: +3");
    }
}
