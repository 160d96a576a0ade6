package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.http2.Flood;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Http2Frame;
import com.esperr.gateway.testkit.RawHttp2Client;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Floods of frames: the client is told to calm down, closed and counted, and others are served as ever. */
class Http2FloodsIT {
    private final Scene scene = Scene.with();
    private final RawHttp2Client client = RawHttp2Client.connect(scene.gateway.port());

    @AfterEach
    void close() {
        client.close();
        scene.close();
    }

    @ParameterizedTest
    @EnumSource(Flood.class)
    void isClosedAndCounted(Flood kind) {
        scene.origin.otherwise(Behaviours.silent());
        isFlood(kind, Http2Floods.of(kind));
    }

    @Test
    void aHeaderBlockThatGrows() {
        isFlood(Flood.HEADER_LIST, Http2Floods.growingBlock());
    }

    @Test
    void dataThatIsNothingButPadding() {
        client.post(1, "/");
        byte[] none = RawHttp2Client.frame(RawHttp2Client.DATA, RawHttp2Client.PADDED, 1, new byte[1]);
        isFlood(Flood.EMPTY_FRAMES, Http2Floods.repeated(none, 2_000));
    }

    @Test
    void framesThatAreAnsweredAreNotReadForeverWhileNobodyReadsTheAnswers() {
        // Nothing is read here; what is sent fits into no buffer for long.
        byte[] some = Http2Floods.repeated(RawHttp2Client.frame(RawHttp2Client.PING, 0, 0, new byte[8]), 500);
        for (int i = 0; i < 100 && client.trySendRaw(some); i++) {
            assertThat(scene.gateway.metric("esper_http2_connections")).isLessThanOrEqualTo(1);
        }
        await().atMost(30, TimeUnit.SECONDS).until(() -> scene.gateway.metric(metric(Flood.PING)) == 1);
    }

    private void isFlood(Flood kind, byte[] frames) {
        client.trySendRaw(frames);
        try {
            Http2Frame farewell = client.farewell();
            assertThat(farewell.errorCode())
                    .as(RawHttp2Client.text(farewell))
                    .isEqualTo(RawHttp2Client.ENHANCE_YOUR_CALM);
            assertThat(client.closedByPeer()).isTrue();
        } catch (UncheckedIOException reset) {
            // Who is still sending when that is no longer waited for is cut off, and what he was told is lost with it.
            assertThat(reset).hasMessageContaining("reset");
        }
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
