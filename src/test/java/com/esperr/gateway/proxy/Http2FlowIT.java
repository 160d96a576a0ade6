package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Http2Frame;
import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.Pattern;
import com.esperr.gateway.testkit.RawHttp2Client;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows from end to end, streams beside each other, and how connections end. */
class Http2FlowIT {
    private static final int KIB = 1024;

    private final Scene scene = Scene.with("listen.http2.max-concurrent-streams", "20", "limits.idle-timeout", "60s");
    private final RawHttp2Client client = RawHttp2Client.connect(scene.gateway.port());

    @AfterEach
    void close() {
        client.close();
        scene.close();
    }

    @Test
    void aResponseGoesAsFarAsTheClientHasRoom() {
        scene.origin.on("/big", Behaviours.stream(1 << 20));
        client.get(1, "/big");
        long came = 0;
        // What every client has by itself: 65535 bytes.
        while (came < 65_535) {
            Http2Frame frame = client.await(next -> next.type() == RawHttp2Client.DATA);
            came += frame.payload().length;
        }
        assertThat(came).isEqualTo(65_535);
        // Others are served meanwhile, as far as they have no body.
        scene.origin.on("/small", Behaviours.respond(204, ""));
        assertThat(client.exchange(3, "/small").status()).isEqualTo(204);
        client.windowUpdate(0, 2 << 20).windowUpdate(1, 2 << 20);
        assertThat(client.response(1).body().length + came).isEqualTo(1 << 20);
    }

    @Test
    void aBodyIsGivenRoomAsTheOriginTakesIt() {
        scene.origin.on("/sink", Behaviours.respond(204, ""));
        client.exchange(1, "/");
        client.post(3, "/sink");
        long sent = 0;
        // Behind an answer the settings are known.
        long room = 256 * KIB;
        byte[] piece = new byte[16 * KIB];
        while (sent < 4 << 20) {
            while (room < piece.length) {
                Http2Frame update =
                        client.await(next -> next.type() == RawHttp2Client.WINDOW_UPDATE && next.stream() == 3);
                room += ByteBuffer.wrap(update.payload()).getInt();
            }
            client.data(3, false, piece);
            sent += piece.length;
            room -= piece.length;
        }
        client.data(3, true);
        assertThat(client.response(3).status()).isEqualTo(204);
        assertThat(scene.origin.awaitRequests(2).get(1).bodyLength()).isEqualTo(sent);
    }

    @Test
    void manyResponsesAtOnceNeverCross() {
        scene.origin.otherwise(exchange ->
                Behaviours.respond(200, exchange.request().target().repeat(200)).respond(exchange));
        client.windowUpdate(0, 64 << 20);
        int rounds = 20;
        int wide = 20;
        for (int round = 0; round < rounds; round++) {
            int first = round * wide;
            for (int i = first; i < first + wide; i++) {
                client.get(2 * i + 1, "/body-" + i + "-");
            }
            for (int i = first; i < first + wide; i++) {
                assertThat(client.response(2 * i + 1).text()).isEqualTo(("/body-" + i + "-").repeat(200));
            }
        }
    }

    @Test
    void aStreamTooManyIsRefusedAndMayComeAgain() {
        CountDownLatch latch = new CountDownLatch(1);
        scene.origin.on("/held", Behaviours.stallUntil(latch, Behaviours.respond(200, "held")));
        for (int i = 0; i < 20; i++) {
            client.get(2 * i + 1, "/held");
        }
        Http2Response refused = client.exchange(41, "/held");
        assertThat(refused.reset()).isEqualTo(7);
        latch.countDown();
        for (int i = 0; i < 20; i++) {
            assertThat(client.response(2 * i + 1).text()).isEqualTo("held");
        }
        assertThat(client.exchange(43, "/held").status()).isEqualTo(200);
    }

    @Test
    void whatARefusedStreamGoesOnSendingIsIgnored() {
        CountDownLatch latch = new CountDownLatch(1);
        scene.origin.on("/held", Behaviours.stallUntil(latch, Behaviours.respond(200, "held")));
        for (int i = 0; i < 20; i++) {
            client.get(2 * i + 1, "/held");
        }
        client.post(41, "/held");
        byte[] piece = new byte[16 * KIB];
        // What every client has by itself, and more than the connection's window in the end, which is given back.
        long room = 65_535;
        for (int i = 0; i < 200; i++) {
            while (room < piece.length) {
                Http2Frame update =
                        client.await(next -> next.type() == RawHttp2Client.WINDOW_UPDATE && next.stream() == 0);
                room += ByteBuffer.wrap(update.payload()).getInt();
            }
            client.data(41, false, piece);
            room -= piece.length;
        }
        client.windowUpdate(41, 1000).data(41, true).reset(41, 8);
        latch.countDown();
        for (int i = 0; i < 20; i++) {
            assertThat(client.response(2 * i + 1).text()).isEqualTo("held");
        }
    }

    @Test
    void whatIsOnItsWayToAStreamThatWasResetIsNoAttack() {
        client.post(1, "/a;b");
        Http2Response refused = client.response(1);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(client.awaitType(RawHttp2Client.RST_STREAM).stream()).isEqualTo(1);
        for (int i = 0; i < 300; i++) {
            client.data(1, false, new byte[100]);
        }
        assertThat(client.exchange(3, "/").status()).isEqualTo(200);
    }

    @Test
    void whoIsAskedToGoIsAnsweredFirst() {
        CountDownLatch latch = new CountDownLatch(1);
        try (Scene other = Scene.with("shutdown.drain", "30s");
                RawHttp2Client leaving = RawHttp2Client.connect(other.gateway.port())) {
            other.origin.on("/held", Behaviours.stallUntil(latch, Behaviours.respond(200, "held")));
            leaving.get(1, "/held");
            other.origin.awaitBytes(1);
            Thread stopping = new Thread(other.gateway::close);
            stopping.start();
            Http2Frame first = leaving.awaitType(RawHttp2Client.GOAWAY);
            assertThat(first.lastStream()).isEqualTo(Integer.MAX_VALUE);
            // Sent before the word was heard, as it were.
            leaving.get(3, "/late");
            assertThat(leaving.response(3).status()).isEqualTo(200);
            Http2Frame ping = leaving.awaitType(RawHttp2Client.PING);
            leaving.send(RawHttp2Client.PING, RawHttp2Client.ACK, 0, ping.payload());
            Http2Frame second = leaving.awaitType(RawHttp2Client.GOAWAY);
            assertThat(second.lastStream()).isEqualTo(3);
            // Too late, and told so; what it goes on sending until it hears that costs nobody else his answer.
            leaving.post(5, "/refused")
                    .windowUpdate(5, 100)
                    .data(5, false, new byte[100])
                    .reset(5, 8);
            assertThat(leaving.response(5).reset()).isEqualTo(7);
            latch.countDown();
            assertThat(leaving.response(1).text()).isEqualTo("held");
            assertThat(leaving.closedByPeer()).isTrue();
            await().atMost(30, TimeUnit.SECONDS).until(() -> !stopping.isAlive());
        }
    }

    @Test
    void aConnectionHasItsShareOfRequests() {
        try (Scene other = Scene.with("limits.requests-per-connection", "3");
                RawHttp2Client busy = RawHttp2Client.connect(other.gateway.port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(busy.exchange(2 * i + 1, "/").status()).isEqualTo(200);
            }
            assertThat(busy.awaitType(RawHttp2Client.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
            assertThat(busy.awaitType(RawHttp2Client.GOAWAY).lastStream()).isEqualTo(5);
            assertThat(busy.closedByPeer()).isTrue();
        }
    }

    @Test
    void whoDoesNotReadHisResponseIsResetInTheEnd() {
        try (Scene other = Scene.with("limits.idle-timeout", "300ms");
                RawHttp2Client lazy = RawHttp2Client.connect(other.gateway.port())) {
            other.origin.otherwise(Behaviours.stream(1 << 20));
            Http2Response response = lazy.exchange(1, "/");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.reset()).isNotNull();
            assertThat(response.body()).hasSize(65_535);
            await().atMost(30, TimeUnit.SECONDS).until(() -> other.origin.connectionsOpen() == 0);
        }
    }

    @Test
    void whoStopsInsideAHeadIsClosed() {
        try (Scene other = Scene.with("limits.header-timeout", "200ms");
                RawHttp2Client slow = RawHttp2Client.connect(other.gateway.port())) {
            // Its settings are acknowledged then, and nothing comes between the pieces of the head.
            slow.exchange(1, "/");
            slow.send(RawHttp2Client.HEADERS, 0, 3, RawHttp2Client.block(":method", "GET"));
            assertThat(slow.farewell().errorCode()).isEqualTo(RawHttp2Client.ENHANCE_YOUR_CALM);
            assertThat(slow.closedByPeer()).isTrue();
        }
    }

    @Test
    void whoStopsInsideABodyIsTold() {
        try (Scene other = Scene.with("limits.body-timeout", "200ms");
                RawHttp2Client slow = RawHttp2Client.connect(other.gateway.port())) {
            slow.post(1, "/").data(1, false, "begun".getBytes(StandardCharsets.US_ASCII));
            assertThat(slow.response(1).status()).isEqualTo(408);
            assertThat(slow.exchange(3, "/next").status()).isEqualTo(200);
        }
    }

    @Test
    void whoSendsAllOfABodyButNotItsEndIsToldAndTheOriginHasNotGotItWhole() {
        try (Scene other = Scene.with("limits.body-timeout", "200ms");
                RawHttp2Client slow = RawHttp2Client.connect(other.gateway.port())) {
            slow.post(1, "/", "content-length", "5").data(1, false, "whole".getBytes(StandardCharsets.US_ASCII));
            assertThat(slow.response(1).status()).isEqualTo(408);
            assertThat(other.origin.onlyRequest().awaitFinished().isComplete()).isFalse();
            assertThat(slow.exchange(3, "/next").status()).isEqualTo(200);
        }
    }

    @Test
    void whoSaysNothingMoreIsClosed() {
        try (Scene other = Scene.with("limits.idle-timeout", "200ms");
                RawHttp2Client idle = RawHttp2Client.connect(other.gateway.port())) {
            assertThat(idle.awaitType(RawHttp2Client.GOAWAY).errorCode()).isEqualTo(RawHttp2Client.NO_ERROR);
            assertThat(idle.closedByPeer()).isTrue();
        }
    }

    @Test
    void aBigBodyComesBackWhole() {
        scene.origin.otherwise(Behaviours.streamChunked(8 << 20));
        client.windowUpdate(0, 64 << 20).send(RawHttp2Client.SETTINGS, 0, 0, new byte[] {0, 4, 4, 0, 0, 0});
        byte[] body = client.exchange(1, "/").body();
        assertThat(body).hasSize(8 << 20);
        CRC32 sum = new CRC32();
        sum.update(body);
        assertThat(sum.getValue()).isEqualTo(Pattern.crc32(8 << 20));
    }
}
