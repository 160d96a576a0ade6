package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.Http2Frame;
import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.RawHttp2Origin;
import com.esperr.gateway.testkit.RawResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An origin that speaks HTTP/2, frame by frame: what it is told, and what becomes of its answers, allowed or not. */
class Http2OriginIT {
    private static final String GET = "GET /page?q=1 HTTP/1.1\r\nHost: gw.test\r\n\r\n";
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;

    private final RawHttp2Origin origin = RawHttp2Origin.start();
    private final Scene scene = Scene.with(
            "origin.url",
            origin.url(),
            "origin.http2",
            "on",
            "origin.response-timeout",
            "20s",
            "limits.half-close",
            "0s");
    private final RawClient client = RawClient.connect(scene.gateway.port());

    @AfterEach
    void close() {
        client.close();
        scene.close();
        origin.close();
    }

    // --- requests

    @Test
    void aRequestBecomesAHeaderListWithoutFieldsOfConnections() {
        client.send("GET /page?q=1 HTTP/1.1\r\nHost: gw.test\r\nConnection: keep-alive, TE, X-Hop\r\nKeep-Alive: 5\r\n"
                + "TE: trailers, gzip\r\nX-Hop: 1\r\nX-Own:  a, B \r\nCookie: a=1\r\n\r\n");
        RawHttp2Client peer = origin.accept();
        Http2Frame head = peer.awaitType(RawHttp2Client.HEADERS);
        assertThat(head.has(RawHttp2Client.END_STREAM)).isTrue();
        assertThat(head.fields().subList(0, 4))
                .containsExactlyInAnyOrder(":method: GET", ":path: /page?q=1", ":scheme: http", ":authority: gw.test");
        assertThat(head.fields())
                .contains("x-own: a, B", "cookie: a=1", "te: trailers")
                .anyMatch(field -> field.startsWith("via: 1.1 esper-gateway ("))
                .noneMatch(field -> field.matches("(?s)(connection|keep-alive|x-hop|host).*"));
        answer(peer, head, "ok");
        assertThat(client.readResponse().bodyText()).isEqualTo("ok");
    }

    @Test
    void aBodyEndsWithItsTrailers() {
        client.send("POST / HTTP/1.1\r\nHost: gw.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 11\r\n\r\n");
        RawHttp2Client peer = origin.accept();
        Http2Frame head = peer.awaitType(RawHttp2Client.HEADERS);
        assertThat(head.has(RawHttp2Client.END_STREAM)).isFalse();
        assertThat(head.fields()).noneMatch(field -> field.startsWith("transfer-encoding"));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Http2Frame next = peer.await(Http2OriginIT::ofMessages);
        while (next.type() == RawHttp2Client.DATA) {
            body.writeBytes(next.payload());
            next = peer.await(Http2OriginIT::ofMessages);
        }
        assertThat(body.toString(StandardCharsets.US_ASCII)).isEqualTo("hello world");
        assertThat(next.fields()).containsExactly("x-sum: 11");
        assertThat(next.has(RawHttp2Client.END_STREAM)).isTrue();
        answer(peer, head, "ok");
        assertThat(client.readResponse().status()).isEqualTo(200);
    }

    @Test
    void requestsOfSeveralClientsShareAConnection() {
        try (RawClient other = RawClient.connect(scene.gateway.port())) {
            client.send(GET);
            RawHttp2Client peer = origin.accept();
            Http2Frame first = peer.awaitType(RawHttp2Client.HEADERS);
            other.send(GET);
            Http2Frame second = peer.awaitType(RawHttp2Client.HEADERS);
            answer(peer, second, "two");
            answer(peer, first, "one");
            assertThat(other.readResponse().bodyText()).isEqualTo("two");
            assertThat(client.readResponse().bodyText()).isEqualTo("one");
        }
    }

    @Test
    void moreStreamsThanTheOriginTakesGetAnotherConnection() {
        try (RawClient other = RawClient.connect(scene.gateway.port())) {
            client.send(GET);
            RawHttp2Client one = origin.accept(setting(MAX_CONCURRENT_STREAMS, 1));
            Http2Frame first = one.awaitType(RawHttp2Client.HEADERS);
            other.send(GET);
            RawHttp2Client two = origin.accept(setting(MAX_CONCURRENT_STREAMS, 1));
            answer(two, two.awaitType(RawHttp2Client.HEADERS), "two");
            assertThat(other.readResponse().bodyText()).isEqualTo("two");
            answer(one, first, "one");
            assertThat(client.readResponse().bodyText()).isEqualTo("one");
        }
    }

    @Test
    void aBodyIsSentOnlyAsFarAsTheOriginGivesRoom() {
        client.send("POST / HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(1000));
        RawHttp2Client peer = origin.accept(setting(INITIAL_WINDOW_SIZE, 100));
        Http2Frame head = peer.awaitType(RawHttp2Client.HEADERS);
        int came = 0;
        while (came < 100) {
            came += peer.awaitType(RawHttp2Client.DATA).payload().length;
        }
        assertThat(came).isEqualTo(100);
        peer.windowUpdate(head.stream(), 900);
        while (came < 1000) {
            came += peer.awaitType(RawHttp2Client.DATA).payload().length;
        }
        answer(peer, head, "ok");
        assertThat(client.readResponse().status()).isEqualTo(200);
    }

    @Test
    void aClientThatLeavesCancelsItsStream() {
        try (RawHttp2Client visitor = RawHttp2Client.connect(scene.gateway.port())) {
            visitor.get(1, "/");
            RawHttp2Client peer = origin.accept();
            Http2Frame head = peer.awaitType(RawHttp2Client.HEADERS);
            visitor.reset(1, CANCEL);
            Http2Frame reset = peer.awaitType(RawHttp2Client.RST_STREAM);
            assertThat(reset.stream()).isEqualTo(head.stream());
            assertThat(reset.errorCode()).isEqualTo(CANCEL);
            // The connection goes on.
            visitor.get(3, "/");
            answer(peer, peer.awaitType(RawHttp2Client.HEADERS), "ok");
            assertThat(visitor.response(3).text()).isEqualTo("ok");
        }
    }

    // --- responses

    @Test
    void trailersComeBackToAClientOfHttp1() {
        client.send("GET / HTTP/1.1\r\nHost: gw.test\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
        RawHttp2Client peer = origin.accept();
        int stream = peer.awaitType(RawHttp2Client.HEADERS).stream();
        peer.headers(stream, false, ":status", "200").data(stream, false, bytes("body"));
        peer.headers(stream, true, "x-sum", "4", "content-length", "9");
        String all = client.readHead() + new String(client.readBytes(24), StandardCharsets.US_ASCII);
        assertThat(all).startsWith("HTTP/1.1 200 \r\n").contains("Via: 2 esper-gateway\r\n");
        assertThat(all).endsWith("\r\n\r\n4\r\nbody\r\n0\r\nx-sum: 4\r\n\r\n");
    }

    @Test
    void aResponseOfTrailersOnlyStaysOneForAClientOfHttp2() {
        try (RawHttp2Client visitor = RawHttp2Client.connect(scene.gateway.port())) {
            visitor.get(1, "/", "te", "trailers");
            RawHttp2Client peer = origin.accept();
            int stream = peer.awaitType(RawHttp2Client.HEADERS).stream();
            peer.headers(stream, true, ":status", "200", "grpc-status", "5");
            Http2Frame only = visitor.awaitType(RawHttp2Client.HEADERS);
            assertThat(only.has(RawHttp2Client.END_STREAM)).isTrue();
            assertThat(only.fields()).contains(":status: 200", "grpc-status: 5", "via: 2 esper-gateway");
        }
    }

    @Test
    void interimHeadsComeBeforeTheFinalOne() {
        try (RawHttp2Client visitor = RawHttp2Client.connect(scene.gateway.port())) {
            visitor.get(1, "/");
            RawHttp2Client peer = origin.accept();
            int stream = peer.awaitType(RawHttp2Client.HEADERS).stream();
            peer.headers(stream, false, ":status", "103", "link", "</a>");
            peer.headers(stream, false, ":status", "200").data(stream, true, bytes("ok"));
            Http2Response response = visitor.response(1);
            assertThat(response.text()).isEqualTo("ok");
        }
    }

    @Test
    void anAnswerToHeadHasALengthAndNoBody() {
        client.send("HEAD / HTTP/1.1\r\nHost: gw.test\r\n\r\n");
        RawHttp2Client peer = origin.accept();
        int stream = peer.awaitType(RawHttp2Client.HEADERS).stream();
        peer.headers(stream, true, ":status", "200", "content-length", "7");
        RawResponse response = client.readResponse("HEAD");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers().all("content-length")).containsExactly("7");
    }

    @Test
    void aClientThatDoesNotReadKeepsTheWindowOfItsStreamShut() {
        try (RawHttp2Client visitor = RawHttp2Client.connect(scene.gateway.port())) {
            visitor.get(1, "/big").get(3, "/small");
            RawHttp2Client peer = origin.accept();
            int big = peer.awaitType(RawHttp2Client.HEADERS).stream();
            int small = peer.awaitType(RawHttp2Client.HEADERS).stream();
            peer.headers(big, false, ":status", "200");
            // The window of a stream, to the last byte; the visitor's own is a quarter of that.
            for (int i = 0; i < 16; i++) {
                peer.data(big, false, new byte[16 * 1024]);
            }
            // Another stream is answered all the same.
            peer.headers(small, false, ":status", "200").data(small, true, bytes("ok"));
            // The visitor has used up the window of its connection, and makes room there only.
            visitor.windowUpdate(0, 1 << 20);
            assertThat(visitor.response(3).text()).isEqualTo("ok");
            peer.send(RawHttp2Client.PING, 0, 0, new byte[8]);
            Http2Frame pong = peer.await(frame -> frame.type() == RawHttp2Client.PING
                    || (frame.type() == RawHttp2Client.WINDOW_UPDATE && frame.stream() == big));
            assertThat(pong.type()).isEqualTo(RawHttp2Client.PING);
            visitor.windowUpdate(1, 1 << 20);
            peer.await(frame -> frame.type() == RawHttp2Client.WINDOW_UPDATE && frame.stream() == big);
            peer.data(big, true);
            assertThat(visitor.response(1).body()).hasSize(256 * 1024);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-a|b",
                ":status|abc",
                ":status|101",
                ":status|200|Upper|x",
                ":status|200|connection|close",
                ":status|200|transfer-encoding|chunked",
                ":status|200|x|a\nb",
                ":status|200|x|a\rb",
                ":status|200|:path|/",
                ":status|200|:status|200",
                ":status|200|content-length|3|content-length|4",
                ":status|200|content-length|-1",
                ":status|200|bad name|x"
            })
    void aHeadThatIsNoneIsAnswered502AndResets(String fields) {
        client.send(GET);
        RawHttp2Client peer = origin.accept();
        int stream = peer.awaitType(RawHttp2Client.HEADERS).stream();
        peer.headers(stream, false, fields.split("\\|"));
        assertThat(client.readResponse().status()).isEqualTo(502);
        assertThat(peer.awaitType(RawHttp2Client.RST_STREAM).stream()).isEqualTo(stream);
        assertThat(scene.gateway.failures(FailureReason.ORIGIN_MALFORMED)).isEqualTo(1);
        // The connection goes on.
        client.send(GET);
        answer(peer, peer.awaitType(RawHttp2Client.HEADERS), "ok");
        assertThat(client.readResponse().bodyText()).isEqualTo("ok");
    }

    @Test
    void dataInFrontOfTheHeadIsNoAnswer() {
        client.send(GET);
        RawHttp2Client peer = origin.accept();
        peer.data(peer.awaitType(RawHttp2Client.HEADERS).stream(), false, bytes("x"));
        assertThat(client.readResponse().status()).isEqualTo(502);
    }

    @Test
    void aBodyThatIsNotAsLongAsItsLengthIsCutOff() {
        try (RawHttp2Client visitor = RawHttp2Client.connect(scene.gateway.port())) {
            visitor.get(1, "/").get(3, "/");
            RawHttp2Client peer = origin.accept();
            int shorter = peer.awaitType(RawHttp2Client.HEADERS).stream();
            int longer = peer.awaitType(RawHttp2Client.HEADERS).stream();
            peer.headers(shorter, false, ":status", "200", "content-length", "5")
                    .data(shorter, true, bytes("1234"));
            peer.headers(longer, false, ":status", "200", "content-length", "5").data(longer, true, bytes("123456"));
            // Cut off, or answered by ourselves if nothing of it had left yet; in no case whole.
            assertThat(visitor.response(1)).matches(response -> response.reset() != null || response.status() == 502);
            assertThat(visitor.response(3)).matches(response -> response.reset() != null || response.status() == 502);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> scene.gateway.failures(FailureReason.ORIGIN_MALFORMED) == 2);
        }
    }

    // --- endings

    @Test
    void aRefusedStreamIsAskedForOnAnotherConnectionWhateverItsMethod() {
        client.send("DELETE / HTTP/1.1\r\nHost: gw.test\r\n\r\n");
        RawHttp2Client one = origin.accept();
        one.reset(one.awaitType(RawHttp2Client.HEADERS).stream(), REFUSED_STREAM);
        // Closed on that side, the stream makes room again; which connection it is, is the pool's affair.
        RawHttp2Client again = one;
        answer(again, again.awaitType(RawHttp2Client.HEADERS), "ok");
        assertThat(client.readResponse().bodyText()).isEqualTo("ok");
    }

    @Test
    void whatAnOriginThatGoesAwayHasNotLookedAtIsAskedElsewhere() {
        try (RawClient other = RawClient.connect(scene.gateway.port())) {
            client.send(GET);
            RawHttp2Client one = origin.accept();
            Http2Frame first = one.awaitType(RawHttp2Client.HEADERS);
            other.send("DELETE / HTTP/1.1\r\nHost: gw.test\r\n\r\n");
            one.awaitType(RawHttp2Client.HEADERS);
            one.send(
                    RawHttp2Client.GOAWAY,
                    0,
                    0,
                    ByteBuffer.allocate(8).putInt(first.stream()).putInt(0).array());
            RawHttp2Client two = origin.accept();
            answer(two, two.awaitType(RawHttp2Client.HEADERS), "two");
            assertThat(other.readResponse().bodyText()).isEqualTo("two");
            answer(one, first, "one");
            assertThat(client.readResponse().bodyText()).isEqualTo("one");
            assertThat(one.closedByPeer()).isTrue();
        }
    }

    @Test
    void aStreamThatTheOriginResetsIsAnswered502() {
        client.send(GET);
        RawHttp2Client peer = origin.accept();
        peer.reset(peer.awaitType(RawHttp2Client.HEADERS).stream(), 2);
        assertThat(client.readResponse().status()).isEqualTo(502);
        assertThat(scene.gateway.failures(FailureReason.ORIGIN_CLOSED)).isEqualTo(1);
    }

    @Test
    void aWholeAnswerCountsAlsoIfTheRequestIsThenRefused() {
        client.send("POST / HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 10\r\n\r\nhalf");
        RawHttp2Client peer = origin.accept();
        Http2Frame head = peer.awaitType(RawHttp2Client.HEADERS);
        answer(peer, head, "no");
        peer.reset(head.stream(), RawHttp2Client.NO_ERROR);
        assertThat(client.readResponse().bodyText()).isEqualTo("no");
    }

    @Test
    void aLostConnectionIsReplacedForWhatMayBeRepeated() {
        client.send(GET);
        RawHttp2Client one = origin.accept();
        answer(one, one.awaitType(RawHttp2Client.HEADERS), "one");
        assertThat(client.readResponse().bodyText()).isEqualTo("one");
        client.send(GET);
        one.awaitType(RawHttp2Client.HEADERS);
        one.close();
        RawHttp2Client two = origin.accept();
        answer(two, two.awaitType(RawHttp2Client.HEADERS), "two");
        assertThat(client.readResponse().bodyText()).isEqualTo("two");
    }

    @Test
    void anOriginThatDoesNotSpeakHttp2IsUnreachable() {
        client.send(GET);
        origin.acceptAndSay("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.readResponse().status()).isEqualTo(502);
        assertThat(scene.gateway.failures(FailureReason.ORIGIN_CONNECT)).isEqualTo(1);
    }

    @Test
    void aResponseHeadLongerThanTheLimitIsRefused() {
        client.send(GET);
        RawHttp2Client peer = origin.accept();
        int stream = peer.awaitType(RawHttp2Client.HEADERS).stream();
        String[] fields = new String[2 + 2 * 250];
        fields[0] = ":status";
        fields[1] = "200";
        for (int i = 0; i < 250; i++) {
            fields[2 + 2 * i] = "x-" + i;
            fields[3 + 2 * i] = "v";
        }
        peer.headers(stream, true, fields);
        assertThat(client.readResponse().status()).isEqualTo(502);
    }

    private static boolean ofMessages(Http2Frame frame) {
        return frame.type() == RawHttp2Client.DATA || frame.type() == RawHttp2Client.HEADERS;
    }

    private static void answer(RawHttp2Client peer, Http2Frame head, String body) {
        peer.headers(head.stream(), false, ":status", "200", "content-length", Integer.toString(body.length()));
        peer.data(head.stream(), true, bytes(body));
    }

    private static byte[] setting(int id, int value) {
        return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
