package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.http2.Flood;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Http3Call;
import com.esperr.gateway.testkit.RawHttp3Client;
import com.esperr.gateway.testkit.ReceivedRequest;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who floods a connection of HTTP/3, or breaks its rules, loses it and is counted; others are served meanwhile. */
class Http3FloodsIT {
    private static final Duration LONG = Duration.ofSeconds(120);

    private final Http3Scene scene = Http3Scene.with("listen.http3.max-concurrent-streams", "50");

    @AfterEach
    void close() {
        scene.close();
    }

    /** Sends until the connection is gone, and says why it went. */
    private long flood(Consumer<RawHttp3Client> piece) {
        try (RawHttp3Client client = scene.client();
                RawHttp3Client other = scene.client()) {
            for (int i = 0; i < 5000 && client.isOpen(); i++) {
                try {
                    piece.accept(client);
                } catch (AssertionError closed) {
                    // No stream can be opened on what is closed.
                    assertThat(i).isPositive();
                }
            }
            long why = client.awaitEnd();
            assertThat(other.exchange("/fine").status()).isEqualTo(200);
            return why;
        }
    }

    private void counted(Flood kind) {
        assertThat(scene.gateway.metrics().sum("esper_http3_floods_total", "kind=" + kind.label()))
                .isEqualTo(1);
    }

    private static byte[] head() {
        return RawHttp3Client.frame(
                RawHttp3Client.HEADERS,
                RawHttp3Client.section(
                        ":method", "POST", ":scheme", "https", ":authority", "gw.test", ":path", "/held"));
    }

    @Test
    void requestsTakenBackAsSoonAsTheyAreMade() {
        scene.origin.on("/held", Behaviours.silent());
        long why = flood(client -> {
            if (client.streamsLeft() == 0) {
                await().atMost(LONG)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> !client.isOpen() || client.streamsLeft() > 0);
            }
            client.open().raw(head()).stop().reset();
        });
        assertThat(why).isEqualTo(RawHttp3Client.EXCESSIVE_LOAD);
        counted(Flood.RAPID_RESET);
    }

    @Test
    void framesOfDataThatAreEmpty() {
        scene.origin.on("/held", Behaviours.silent());
        try (RawHttp3Client client = scene.client()) {
            ByteArrayOutputStream many = new ByteArrayOutputStream();
            for (int i = 0; i < 500; i++) {
                many.writeBytes(new byte[] {0, 0});
            }
            client.open().raw(head()).raw(many.toByteArray());
            assertThat(client.awaitEnd()).isEqualTo(RawHttp3Client.EXCESSIVE_LOAD);
        }
        counted(Flood.EMPTY_FRAMES);
    }

    @Test
    void framesOfKindsThatMeanNothing() {
        scene.origin.on("/held", Behaviours.silent());
        try (RawHttp3Client client = scene.client()) {
            ByteArrayOutputStream many = new ByteArrayOutputStream();
            for (int i = 0; i < 500; i++) {
                many.writeBytes(new byte[] {0x21, 0});
            }
            client.open().raw(head()).raw(many.toByteArray());
            assertThat(client.awaitEnd()).isEqualTo(RawHttp3Client.EXCESSIVE_LOAD);
        }
        counted(Flood.UNKNOWN);
    }

    @Test
    void howMuchIsTooMuchSayTheKeysOfHttp2() {
        try (Http3Scene strict = Http3Scene.with("listen.http2.floods.unknown", "3,1");
                RawHttp3Client client = strict.client()) {
            strict.origin.on("/held", Behaviours.silent());
            client.open().raw(head()).raw(new byte[] {0x21, 0, 0x21, 0, 0x21, 0, 0x21, 0, 0x21, 0, 0x21, 0, 0x21, 0});
            assertThat(client.awaitEnd()).isEqualTo(RawHttp3Client.EXCESSIVE_LOAD);
        }
    }

    @Test
    void aHeadThatIsFarTooLong() {
        try (RawHttp3Client client = scene.client()) {
            client.get("/", "x-long", "v".repeat(200_000));
            assertThat(client.awaitEnd()).isEqualTo(RawHttp3Client.EXCESSIVE_LOAD);
        }
        counted(Flood.HEADER_LIST);
    }

    @Test
    void moreRequestsThanMayBeOpenAreNotTakenByQuic() {
        CountDownLatch latch = new CountDownLatch(1);
        scene.origin.on("/held", Behaviours.stallUntil(latch, Behaviours.respond(200, "held")));
        try (RawHttp3Client client = scene.client()) {
            List<Http3Call> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(client.get("/held"));
            }
            assertThat(client.streamsLeft()).isZero();
            latch.countDown();
            calls.forEach(call -> assertThat(call.response().status()).isEqualTo(200));
            await().atMost(LONG).until(() -> client.streamsLeft() > 0);
            assertThat(client.exchange("/").status()).isEqualTo(200);
        }
    }

    @Test
    void framesThatMayNotStandThereEndTheConnection() {
        record Odd(byte[] bytes, int error) {}
        byte[] settings = RawHttp3Client.frame(0x4);
        byte[] data = RawHttp3Client.frame(RawHttp3Client.DATA, (byte) 'x');
        byte[] trailers = RawHttp3Client.frame(RawHttp3Client.HEADERS, RawHttp3Client.section("x-a", "b"));
        List<Odd> all = List.of(
                // RFC 9114 section 4.1: DATA before the head, and behind trailers
                new Odd(data, RawHttp3Client.FRAME_UNEXPECTED),
                new Odd(join(head(), trailers, data), RawHttp3Client.FRAME_UNEXPECTED),
                new Odd(join(head(), trailers, trailers), RawHttp3Client.FRAME_UNEXPECTED),
                // section 7.2.4: SETTINGS on a request stream; 7.2.6: GOAWAY; 7.2.5: PUSH_PROMISE of a client
                new Odd(join(head(), settings), RawHttp3Client.FRAME_UNEXPECTED),
                new Odd(join(head(), RawHttp3Client.frame(0x7, (byte) 0)), RawHttp3Client.FRAME_UNEXPECTED),
                new Odd(
                        join(head(), RawHttp3Client.frame(0x5, (byte) 0, (byte) 0, (byte) 0)),
                        RawHttp3Client.FRAME_UNEXPECTED),
                // section 7.2.8: frames of HTTP/2
                new Odd(join(head(), RawHttp3Client.frame(0x6, new byte[8])), RawHttp3Client.FRAME_UNEXPECTED),
                new Odd(join(head(), RawHttp3Client.frame(0x8, new byte[4])), RawHttp3Client.FRAME_UNEXPECTED),
                // section 7.1: a stream that ends inside a frame
                new Odd(join(head(), new byte[] {0, 5, 'a', 'b'}), RawHttp3Client.FRAME_ERROR),
                new Odd(join(head(), new byte[] {0}), RawHttp3Client.FRAME_ERROR));
        for (Odd odd : all) {
            try (RawHttp3Client client = scene.client()) {
                client.open().last(odd.bytes());
                assertThat(client.awaitEnd())
                        .as(HexFormat.of().formatHex(odd.bytes()))
                        .isEqualTo(odd.error());
            }
        }
        // Those of the two that were complete before the frame came that may not stand there.
        assertThat(scene.origin.requests().stream().filter(ReceivedRequest::isComplete))
                .hasSizeLessThanOrEqualTo(2);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void oneConnectionTooManyIsRefused() {
        try (Http3Scene small = Http3Scene.with("limits.connections", "1");
                RawHttp3Client first = small.client()) {
            assertThat(first.exchange("/").status()).isEqualTo(200);
            // Told behind the first packet, which may be before or behind the client's end of the handshake.
            assertThatThrownBy(() -> {
                        try (RawHttp3Client second = small.client()) {
                            second.awaitEnd();
                            second.exchange("/");
                        }
                    })
                    .isInstanceOf(AssertionError.class);
            assertThat(first.exchange("/").status()).isEqualTo(200);
            assertThat(small.gateway.metric("esper_http3_connections")).isEqualTo(1);
        }
    }
}
