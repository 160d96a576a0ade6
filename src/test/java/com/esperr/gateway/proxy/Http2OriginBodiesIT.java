package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.Http2Frame;
import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.RawHttp2Origin;
import com.esperr.gateway.testkit.RawResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Requests with a body that an origin of HTTP/2 says it has not looked at (RFC 9113 section 8.7). They could be sent again, were
 * their bodies kept; they are not, and so the visitor is told that it failed, and what is left of the body goes nowhere.
 */
class Http2OriginBodiesIT {
    private static final int REFUSED_STREAM = 7;

    private final RawHttp2Origin origin = RawHttp2Origin.start();
    private final Scene scene = Scene.with("origin.url", origin.url(), "origin.http2", "on");

    @AfterEach
    void close() {
        scene.close();
        origin.close();
    }

    @Test
    void aRefusedStreamWhoseBodyHasBegunIs502AndTheConnectionGoesOn() {
        try (RawHttp2Client visitor = RawHttp2Client.connect(scene.gateway.port())) {
            visitor.post(1, "/").data(1, false, bytes("begun"));
            RawHttp2Client peer = origin.accept();
            Http2Frame head = peer.awaitType(RawHttp2Client.HEADERS);
            peer.awaitType(RawHttp2Client.DATA);
            peer.reset(head.stream(), REFUSED_STREAM);
            assertThat(visitor.response(1).status()).isEqualTo(502);
            visitor.data(1, true, bytes("rest"));
            assertThat(scene.gateway.failures(FailureReason.ORIGIN_CLOSED)).isEqualTo(1);
            // Nothing of it is what the origin hears of next.
            visitor.get(3, "/next");
            Http2Frame next =
                    peer.await(frame -> frame.type() == RawHttp2Client.HEADERS || frame.type() == RawHttp2Client.DATA);
            assertThat(next.fields()).contains(":path: /next", ":method: GET");
            answer(peer, next);
            Http2Response response = visitor.response(3);
            assertThat(response.text()).isEqualTo("ok");
        }
    }

    @Test
    void aRefusedStreamWhoseBodyWasWholeIs502AndIsSentOnce() {
        try (RawClient client = RawClient.connect(scene.gateway.port())) {
            client.send("PUT /p HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 5\r\n\r\nwhole");
            RawHttp2Client peer = origin.accept();
            Http2Frame head = peer.awaitType(RawHttp2Client.HEADERS);
            peer.await(frame -> frame.type() == RawHttp2Client.DATA && frame.has(RawHttp2Client.END_STREAM));
            peer.reset(head.stream(), REFUSED_STREAM);
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(502);
            assertThat(scene.gateway.metric("esper_upstream_retries_total")).isZero();
            client.send("GET /next HTTP/1.1\r\nHost: gw.test\r\n\r\n");
            Http2Frame next = peer.awaitType(RawHttp2Client.HEADERS);
            assertThat(next.fields()).contains(":path: /next");
            answer(peer, next);
            assertThat(client.readResponse().bodyText()).isEqualTo("ok");
        }
    }

    @Test
    void aBodyThatAnOriginThatGoesAwayHasNotLookedAtIs502AndWhatIsNewIsAskedElsewhere() {
        try (RawHttp2Client visitor = RawHttp2Client.connect(scene.gateway.port())) {
            visitor.post(1, "/").data(1, false, bytes("begun"));
            RawHttp2Client one = origin.accept();
            one.awaitType(RawHttp2Client.HEADERS);
            one.awaitType(RawHttp2Client.DATA);
            // The last stream that was looked at is none.
            one.send(RawHttp2Client.GOAWAY, 0, 0, ByteBuffer.allocate(8).array());
            assertThat(visitor.response(1).status()).isEqualTo(502);
            visitor.get(3, "/next");
            RawHttp2Client two = origin.accept();
            answer(two, two.awaitType(RawHttp2Client.HEADERS));
            assertThat(visitor.response(3).text()).isEqualTo("ok");
        }
    }

    private static void answer(RawHttp2Client peer, Http2Frame head) {
        peer.headers(head.stream(), false, ":status", "200").data(head.stream(), true, bytes("ok"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
