package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.OriginExchange;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * A thousand exchanges side by side over few pooled connections, with bodies of all sizes and an origin that answers, resets, cuts and
 * stays silent as each request says: whoever gets an answer gets their own, whole, or sees that it is not.
 */
class ResponsesNeverCrossIT {

    private static final int CLIENTS = 40;
    private static final int EXCHANGES = 25;
    private static final List<String> MANNERS =
            List.of("length", "length", "length", "chunked", "chunked", "reset", "cut", "surplus", "silent", "abort");

    @Test
    void everyResponseBelongsToItsRequest() throws InterruptedException, ExecutionException {
        int answered = 0;
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (Scene scene = Scene.with(
                "runtime.event-loops", "2", "origin.max-connections", "16", "origin.response-timeout", "500ms")) {
            scene.origin.otherwise(ResponsesNeverCrossIT::answer);
            List<Callable<Integer>> visits = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int id = i;
                visits.add(() -> visit(scene, id));
            }
            for (Future<Integer> visit : clients.invokeAll(visits)) {
                answered += visit.get();
            }
            assertThat(scene.origin.violations()).isEmpty();
            await().until(() -> scene.gateway.metric("esper_requests_open") == 0);
            await().until(() -> scene.gateway.metric("esper_upstream_connections{state=\"leased\"}") == 0);
        } finally {
            clients.shutdownNow();
        }
        assertThat(answered).isGreaterThan(CLIENTS * EXCHANGES / 3);
    }

    /** Answers with the request's own name as often as it asks for, or fails it as it asks for. */
    private static void answer(OriginExchange exchange) throws IOException, InterruptedException {
        exchange.readBody();
        String[] parts = exchange.request().path().split("/");
        String body = body(exchange.request().path() + exchange.request().bodyText(), Integer.parseInt(parts[3]));
        String length = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n";
        switch (parts[2]) {
            case "chunked" ->
                exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
            case "reset" -> exchange.reset();
            case "cut" ->
                exchange.send(length + body.substring(0, body.length() / 2)).close();
            case "surplus" -> exchange.send(length + body + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
            case "silent" -> exchange.holdUntilClosed();
            default -> exchange.send(length + body);
        }
    }

    private static String body(String name, int times) {
        return (name + "\n").repeat(times);
    }

    /** Makes one client's requests and returns how many were answered by the origin. */
    private static int visit(Scene scene, int id) {
        Random random = new Random(id);
        int answered = 0;
        RawClient client = scene.client();
        try {
            for (int i = 0; i < EXCHANGES; i++) {
                String manner = MANNERS.get(random.nextInt(MANNERS.size()));
                int times = 1 + random.nextInt(random.nextInt(4) == 0 ? 20_000 : 50);
                String path = "/" + id + "-" + i + "/" + manner + "/" + times;
                String sent = "x".repeat(random.nextInt(200));
                client.send(Scene.request("POST " + path, "Content-Length: " + sent.length()) + sent);
                boolean mine = !manner.equals("abort") && isMine(client, body(path + sent, times), manner);
                answered += mine ? 1 : 0;
                if (!mine) {
                    client.reset();
                    client = scene.client();
                }
            }
        } finally {
            client.close();
        }
        return answered;
    }

    private static boolean isMine(RawClient client, String expected, String manner) {
        RawResponse response;
        try {
            response = client.readResponse();
        } catch (AssertionError cut) {
            assertThat(cut).hasMessageMatching("(?s).*(closed|reset).*");
            assertThat(manner).isIn("cut", "reset", "surplus");
            return false;
        }
        if (response.status() == 200) {
            assertThat(response.bodyText().equals(expected))
                    .as("response to " + manner)
                    .isTrue();
            assertThat(manner).isNotIn("reset", "cut", "silent");
            return true;
        }
        assertThat(response.status()).isIn(502, 503, 504);
        assertThat(manner).isIn("reset", "cut", "surplus", "silent", "length", "chunked");
        return false;
    }
}
