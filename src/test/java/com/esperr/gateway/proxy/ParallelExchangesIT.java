package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.OriginExchange;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A thousand exchanges that are all under way at one time: the origin answers none before it has every request. Half come on HTTP/1.1
 * connections of their own and half as streams of a few HTTP/2 connections, each with a body that no other has.
 */
class ParallelExchangesIT {
    private static final int ALONE = 500;
    private static final int CONNECTIONS = 10;
    private static final int STREAMS = 50;
    private static final int ALL = ALONE + CONNECTIONS * STREAMS;

    private final CountDownLatch arrived = new CountDownLatch(ALL);

    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void everyResponseOfAThousandAtOnceBelongsToItsRequest() throws Exception {
        List<RawClient> alone = new ArrayList<>();
        List<RawHttp2Client> shared = new ArrayList<>();
        try (Scene scene = Scene.with(
                "runtime.event-loops", "2",
                "origin.max-connections", String.valueOf(2 * ALL),
                "origin.max-waiting", String.valueOf(ALL),
                "origin.max-wait", "1m",
                "origin.connect-timeout", "1m",
                "origin.response-timeout", "4m")) {
            scene.origin.otherwise(this::answer);
            try {
                for (int i = 0; i < Math.max(ALONE, CONNECTIONS); i++) {
                    if (i < CONNECTIONS) {
                        shared.add(ask(RawHttp2Client.connect(scene.gateway.port()), i));
                    }
                    alone.add(scene.client()
                            .send(Scene.request("POST " + path("h1", i), "Content-Length: 9") + nine(i)));
                }
                assertThat(arrived.await(120, TimeUnit.SECONDS))
                        .as(arrived.getCount() + " requests still to come to the origin")
                        .isTrue();
                for (int i = 0; i < CONNECTIONS; i++) {
                    check(shared.get(i), i);
                }
                for (int i = 0; i < ALONE; i++) {
                    RawResponse response = alone.get(i).readResponse();
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.bodyText().equals(body(path("h1", i), nine(i))))
                            .as("response to " + path("h1", i))
                            .isTrue();
                }
                assertThat(scene.origin.violations()).isEmpty();
                await().atMost(30, TimeUnit.SECONDS).until(() -> scene.gateway.metric("esper_requests_open") == 0);
            } finally {
                alone.forEach(RawClient::close);
                shared.forEach(RawHttp2Client::close);
            }
        }
    }

    private static RawHttp2Client ask(RawHttp2Client client, int connection) {
        client.windowUpdate(0, 1 << 24);
        for (int i = 0; i < STREAMS; i++) {
            int id = connection * STREAMS + i;
            client.post(1 + 2 * i, path("h2", id))
                    .data(1 + 2 * i, true, nine(id).getBytes(StandardCharsets.ISO_8859_1));
        }
        return client;
    }

    private static void check(RawHttp2Client client, int connection) {
        for (int i = 0; i < STREAMS; i++) {
            int id = connection * STREAMS + i;
            Http2Response response = client.response(1 + 2 * i);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text().equals(body(path("h2", id), nine(id))))
                    .as("response to " + path("h2", id))
                    .isTrue();
        }
    }

    private void answer(OriginExchange exchange) throws IOException, InterruptedException {
        exchange.readBody();
        arrived.countDown();
        exchange.hold(arrived);
        String body = body(exchange.request().path(), exchange.request().bodyText());
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static String path(String version, int id) {
        return "/" + version + "/" + id;
    }

    private static String nine(int id) {
        return String.format("%09d", id);
    }

    /** Of a length of its own too, and no longer than the room that a stream begins with. */
    private static String body(String path, String sent) {
        return (path + " " + sent + "\n").repeat(1 + Math.floorMod(path.hashCode(), 997));
    }
}
