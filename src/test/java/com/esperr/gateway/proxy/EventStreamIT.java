package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Http2Frame;
import com.esperr.gateway.testkit.Patience;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.RawHttp2Origin;
import com.esperr.gateway.testkit.TestGateway;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server-sent events and long polling: what the origin says leaves at once, and what it does not say yet is waited for. */
class EventStreamIT {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    private static final String ONE = "data: one\n\n";
    private static final String TWO = "data: two\n\n";

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    /** Says the second event, and ends, only when the first one was seen. */
    private static Scene events(boolean chunked, CountDownLatch seen) {
        Scene at = Scene.with();
        at.origin.on("/events", exchange -> {
            exchange.send(HEAD + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" + chunk(ONE) : "\r\n" + ONE));
            exchange.hold(seen).send(chunked ? chunk(TWO) + "0\r\n\r\n" : TWO);
            if (!chunked) {
                exchange.close();
            }
        });
        return at;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEventReachesAVisitorOfHttp1BeforeTheNextOneIsSaid(boolean chunked) {
        CountDownLatch seen = new CountDownLatch(1);
        try (Scene at = events(chunked, seen);
                RawClient client = at.client().send(Scene.request("GET /events"))) {
            assertThat(client.readHead()).contains("text/event-stream", "Transfer-Encoding: chunked");
            assertThat(client.readBytes(chunk(ONE).length()))
                    .isEqualTo(chunk(ONE).getBytes(StandardCharsets.US_ASCII));
            seen.countDown();
            assertThat(client.readBytes(chunk(TWO).length()))
                    .isEqualTo(chunk(TWO).getBytes(StandardCharsets.US_ASCII));
        } finally {
            seen.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEventReachesAVisitorOfHttp2BeforeTheNextOneIsSaid(boolean chunked) {
        CountDownLatch seen = new CountDownLatch(1);
        try (Scene at = events(chunked, seen);
                RawHttp2Client client =
                        RawHttp2Client.connect(at.gateway.port()).get(1, "/events")) {
            assertThat(client.awaitType(RawHttp2Client.HEADERS).stream()).isEqualTo(1);
            assertThat(client.data(1, ONE.length())).isEqualTo(ONE.getBytes(StandardCharsets.US_ASCII));
            // Nor does anybody else on the connection wait for it.
            assertThat(client.exchange(3, "/other").status()).isEqualTo(200);
            seen.countDown();
            assertThat(client.data(1, TWO.length())).isEqualTo(TWO.getBytes(StandardCharsets.US_ASCII));
        } finally {
            seen.countDown();
        }
    }

    @Test
    void anEventOfAnOriginOfHttp2ReachesTheVisitorBeforeTheNextOneIsSaid() {
        try (RawHttp2Origin origin = RawHttp2Origin.start();
                TestGateway gateway = TestGateway.start(Map.of("origin.url", origin.url(), "origin.http2", "true"));
                RawClient client = RawClient.connect(gateway.port()).send(Scene.request("GET /events"));
                RawHttp2Client connection = origin.accept()) {
            Http2Frame asked = connection.awaitType(RawHttp2Client.HEADERS);
            connection.headers(asked.stream(), false, ":status", "200", "content-type", "text/event-stream");
            assertThat(client.readHead()).contains("text/event-stream");
            for (String event : new String[] {ONE, TWO}) {
                connection.data(asked.stream(), event.equals(TWO), event.getBytes(StandardCharsets.US_ASCII));
                assertThat(client.readBytes(chunk(event).length()))
                        .isEqualTo(chunk(event).getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(new String(client.readBytes(5), StandardCharsets.US_ASCII))
                    .isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void whoAsksAndIsAnsweredMuchLaterIsAnswered() {
        CountDownLatch news = new CountDownLatch(1);
        try (Scene at = Scene.with("limits.idle-timeout", "200ms", "limits.body-timeout", "200ms")) {
            at.origin.on("/poll", Behaviours.stallUntil(news, Behaviours.respond(200, "news")));
            at.origin.on("/tick", Behaviours.respond(200, "tick"));
            try (RawClient client = at.client().send(Scene.request("GET /poll"));
                    RawHttp2Client other =
                            RawHttp2Client.connect(at.gateway.port()).get(1, "/poll")) {
                await().atMost(Patience.LIMIT).until(() -> at.origin.connectionsOpen() == 2);
                // So long that somebody whose turn it is to speak is taken for gone.
                try (RawClient idle = at.client()) {
                    idle.send(Scene.request("GET /tick")).readResponse();
                    assertThat(idle.readUntilClose()).isEmpty();
                }
                news.countDown();
                assertThat(client.readResponse().bodyText()).isEqualTo("news");
                assertThat(other.response(1).text()).isEqualTo("news");
            }
        } finally {
            news.countDown();
        }
    }
}
