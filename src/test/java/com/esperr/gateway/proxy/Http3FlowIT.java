package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.Http3Call;
import com.esperr.gateway.testkit.RawHttp3Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Room from end to end, streams beside each other, origins that fail, and how connections end. */
class Http3FlowIT {
    private static final int MIB = 1 << 20;
    private static final Duration LONG = Duration.ofSeconds(120);

    private final Http3Scene scene = Http3Scene.with("shutdown.drain", "60s", "limits.idle-timeout", "60s");

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void aThousandRequestsAtOnceGetEachItsOwnAnswer() {
        scene.origin.otherwise(Behaviours.echo());
        List<RawHttp3Client> clients = new ArrayList<>();
        try {
            List<Http3Call> calls = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                if (i % 100 == 0) {
                    clients.add(scene.client());
                }
                calls.add(clients.get(i / 100)
                        .open()
                        .head("POST", "/" + i)
                        .data(body(i))
                        .finish());
            }
            for (int i = 0; i < calls.size(); i++) {
                Http2Response response = calls.get(i).response();
                assertThat(response.status())
                        .as("%s: reset %s", i, response.reset())
                        .isEqualTo(200);
                assertThat(response.body()).isEqualTo(body(i));
            }
        } finally {
            clients.forEach(RawHttp3Client::close);
        }
    }

    private static byte[] body(int i) {
        return ("body " + i + ';').repeat(1 + i % 300).getBytes();
    }

    @Test
    void aReaderWhoTakesHisTimeGetsAllOfALongResponse() {
        int length = 20 * MIB;
        scene.origin.on("/big", Behaviours.stream(length));
        scene.origin.on("/small", Behaviours.respond(204, ""));
        try (RawHttp3Client slow = RawHttp3Client.connect(scene.gateway.port(), 256 << 10);
                RawHttp3Client other = scene.client()) {
            Http3Call call = slow.open().reading(false).head("GET", "/big").finish();
            await().atMost(LONG).until(() -> scene.gateway.metric("esper_http3_requests_total") == 1);
            // Others are served meanwhile, and the rest waits at the origin.
            for (int i = 0; i < 20; i++) {
                assertThat(other.exchange("/small").status()).isEqualTo(204);
                assertThat(scene.gateway.metric("esper_direct_memory_bytes")).isLessThan(16 * MIB);
            }
            assertThat(call.isDone()).isFalse();
            assertThat(call.reading(true).response().body()).hasSize(length);
        }
    }

    @Test
    void aLongBodyGoesAsFarAsTheOriginTakesIt() {
        scene.origin.on("/sink", Behaviours.respond(204, ""));
        try (RawHttp3Client client = scene.client()) {
            Http3Call call = client.open().head("POST", "/sink", "content-length", String.valueOf(8 * MIB));
            for (int i = 0; i < 8; i++) {
                call.data(new byte[MIB]);
            }
            assertThat(call.finish().response().status()).isEqualTo(204);
            assertThat(scene.origin.onlyRequest().bodyLength()).isEqualTo(8L * MIB);
        }
    }

    @Test
    void anOriginThatFailsInsideItsAnswerIsAStreamThatFails() {
        CountDownLatch latch = new CountDownLatch(1);
        latch.countDown();
        scene.origin.on("/closes", Behaviours.closeMidBody(1000, 100));
        scene.origin.on("/resets", Behaviours.resetMidBody(1000, 100, latch));
        scene.origin.on("/silent", Behaviours.closeWithoutReply());
        scene.origin.on("/nonsense", Behaviours.verbatimThenClose("SMTP/1.1 hello\r\n\r\n"));
        try (RawHttp3Client client = scene.client()) {
            for (String path : List.of("/closes", "/resets")) {
                Http2Response response = client.exchange(path);
                assertThat(response.reset()).as(path).isNotNull();
            }
            assertThat(client.open().head("POST", "/silent").finish().response().status())
                    .isEqualTo(502);
            assertThat(client.exchange("/nonsense").status()).isEqualTo(502);
            assertThat(client.exchange("/fine").status()).isEqualTo(200);
        }
    }

    @Test
    void whoIsAskedToGoIsAnsweredFirst() throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(1);
        scene.origin.on("/held", Behaviours.stallUntil(latch, Behaviours.respond(200, "held")));
        try (RawHttp3Client leaving = scene.client()) {
            Http3Call held = leaving.get("/held");
            scene.origin.awaitBytes(1);
            Thread stopping = new Thread(scene.gateway::close);
            stopping.start();
            await().atMost(LONG).until(() -> !leaving.goAways().isEmpty());
            // Sent before the word was heard, as it were.
            await().atMost(LONG).until(() -> leaving.goAways().size() == 2);
            assertThat(leaving.goAways()).containsExactly((1L << 62) - 4, 4L);
            latch.countDown();
            assertThat(held.response().text()).isEqualTo("held");
            assertThat(leaving.awaitEnd()).isEqualTo(RawHttp3Client.NO_ERROR);
            stopping.join(LONG.toMillis());
            assertThat(stopping.isAlive()).isFalse();
        }
    }
}
