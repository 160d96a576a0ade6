package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.http2.Flood;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Http2Frame;
import com.esperr.gateway.testkit.RawHttp2Client;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Floods of frames: the client is told to calm down, closed and counted, and others are served as ever. */
class Http2FloodsIT {
    private final Scene scene = Scene.with();
    private final RawHttp2Client client = RawHttp2Client.connect(scene.gateway.port());

    @AfterEach
    void close() {
        client.close();
        scene.close();
    }

    @Test
    void requestsThatAreTakenBackAtOnce() {
        scene.origin.otherwise(Behaviours.silent());
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
            int stream = 2 * i + 1;
            frames.writeBytes(RawHttp2Client.frame(
                    RawHttp2Client.HEADERS,
                    RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
                    stream,
                    RawHttp2Client.block(
                            ":method", "GET", ":scheme", "http", ":authority", "gw.test", ":path", "/" + i)));
            frames.writeBytes(RawHttp2Client.frame(RawHttp2Client.RST_STREAM, 0, stream, RawHttp2Client.number(8)));
        }
        isFlood(Flood.RAPID_RESET, frames.toByteArray());
    }

    @Test
    void framesThatMakeUsTakeRequestsBack() {
        scene.origin.otherwise(Behaviours.silent());
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
            int stream = 2 * i + 1;
            frames.writeBytes(RawHttp2Client.frame(
                    RawHttp2Client.HEADERS,
                    RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
                    stream,
                    RawHttp2Client.block(
                            ":method", "GET", ":scheme", "http", ":authority", "gw.test", ":path", "/" + i)));
            frames.writeBytes(RawHttp2Client.frame(RawHttp2Client.WINDOW_UPDATE, 0, stream, RawHttp2Client.number(0)));
        }
        isFlood(Flood.MADE_YOU_RESET, frames.toByteArray());
    }

    @Test
    void aHeaderBlockWithoutEnd() {
        client.send(RawHttp2Client.HEADERS, 0, 1, RawHttp2Client.block(":method", "GET"));
        isFlood(Flood.CONTINUATION, RawHttp2Client.frame(RawHttp2Client.CONTINUATION, 0, 1), 2_000);
    }

    @Test
    void aHeaderBlockThatGrows() {
        client.send(RawHttp2Client.HEADERS, 0, 1, RawHttp2Client.block(":method", "GET"));
        byte[] field = RawHttp2Client.block("x", "v".repeat(16_000));
        isFlood(Flood.HEADER_LIST, RawHttp2Client.frame(RawHttp2Client.CONTINUATION, 0, 1, field), 40);
    }

    @Test
    void headerListsThatGrowAsTheyAreRead() {
        // One field that is kept in the table, and then named by one byte a thousand times.
        byte[] kept = new byte[3_005];
        kept[0] = 0x40;
        kept[1] = 1;
        kept[2] = 'x';
        // 2999 as an integer with a prefix of seven bits
        kept[3] = 127;
        kept[4] = (byte) (2872 % 128 + 128);
        kept[5] = 2872 / 128;
        Arrays.fill(kept, 6, kept.length, (byte) 'v');
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(RawHttp2Client.frame(RawHttp2Client.HEADERS, 5, 1, kept));
        byte[] bomb = new byte[1_000];
        Arrays.fill(bomb, (byte) (0x80 | 62));
        for (int i = 1; i < 100; i++) {
            frames.writeBytes(RawHttp2Client.frame(RawHttp2Client.HEADERS, 5, 2 * i + 1, bomb));
        }
        isFlood(Flood.HEADER_LIST, frames.toByteArray());
    }

    @Test
    void settings() {
        isFlood(Flood.SETTINGS, RawHttp2Client.frame(RawHttp2Client.SETTINGS, 0, 0), 2_000);
    }

    @Test
    void pings() {
        isFlood(Flood.PING, RawHttp2Client.frame(RawHttp2Client.PING, 0, 0, new byte[8]), 20_000);
    }

    @Test
    void dataThatIsNone() {
        client.post(1, "/");
        isFlood(Flood.EMPTY_FRAMES, RawHttp2Client.frame(RawHttp2Client.DATA, 0, 1), 2_000);
    }

    @Test
    void dataThatIsNothingButPadding() {
        client.post(1, "/");
        byte[] none = RawHttp2Client.frame(RawHttp2Client.DATA, RawHttp2Client.PADDED, 1, new byte[1]);
        isFlood(Flood.EMPTY_FRAMES, none, 2_000);
    }

    @Test
    void priorities() {
        isFlood(
                Flood.PRIORITY,
                RawHttp2Client.frame(RawHttp2Client.PRIORITY, 0, 1, new byte[] {0, 0, 0, 3, 1}),
                10_000);
    }

    @Test
    void roomInCrumbs() {
        isFlood(
                Flood.WINDOW_UPDATE,
                RawHttp2Client.frame(RawHttp2Client.WINDOW_UPDATE, 0, 0, RawHttp2Client.number(1)),
                20_000);
    }

    @Test
    void streamsBeyondThoseThatMayBeOpen() {
        scene.origin.otherwise(Behaviours.silent());
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < 3_000; i++) {
            frames.writeBytes(RawHttp2Client.frame(
                    RawHttp2Client.HEADERS,
                    RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
                    2 * i + 1,
                    RawHttp2Client.block(
                            ":method", "GET", ":scheme", "http", ":authority", "gw.test", ":path", "/" + i)));
        }
        isFlood(Flood.REFUSED_STREAM, frames.toByteArray());
    }

    @Test
    void framesOfUnknownKinds() {
        isFlood(Flood.UNKNOWN, RawHttp2Client.frame(0x42, 0, 0, new byte[10]), 5_000);
    }

    @Test
    void framesThatAreAnsweredAreNotReadForeverWhileNobodyReadsTheAnswers() {
        // Nothing is read here; what is sent fits into no buffer for long.
        byte[] some = repeated(RawHttp2Client.frame(RawHttp2Client.PING, 0, 0, new byte[8]), 500);
        for (int i = 0; i < 100 && client.trySendRaw(some); i++) {
            assertThat(scene.gateway.metric("esper_http2_connections")).isLessThanOrEqualTo(1);
        }
        await().atMost(30, TimeUnit.SECONDS).until(() -> scene.gateway.metric(metric(Flood.PING)) == 1);
    }

    private void isFlood(Flood kind, byte[] frame, int times) {
        isFlood(kind, repeated(frame, times));
    }

    private static byte[] repeated(byte[] frame, int times) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            frames.writeBytes(frame);
        }
        return frames.toByteArray();
    }

    private void isFlood(Flood kind, byte[] frames) {
        client.trySendRaw(frames);
        Http2Frame farewell = client.farewell();
        assertThat(farewell.errorCode()).as(RawHttp2Client.text(farewell)).isEqualTo(RawHttp2Client.ENHANCE_YOUR_CALM);
        assertThat(client.closedByPeer()).isTrue();
        assertThat(scene.gateway.metric(metric(kind))).isEqualTo(1);
        scene.origin.otherwise(Behaviours.hello());
        try (RawHttp2Client other = RawHttp2Client.connect(scene.gateway.port())) {
            assertThat(other.exchange(1, "/other").status()).isEqualTo(200);
        }
        await().atMost(30, TimeUnit.SECONDS).until(() -> scene.gateway.metric("esper_requests_open") == 0);
    }

    private static String metric(Flood kind) {
        return "esper_http2_floods_total{kind=\"" + kind.label() + "\"}";
    }
}
