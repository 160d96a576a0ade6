package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Http2Frame;
import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.RawHttp2Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets of visitors who speak HTTP/2 (RFC 8441), frame by frame, to an origin that knows HTTP/1.1 only. */
class WebSocketHttp2IT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ENABLE_CONNECT_PROTOCOL = 0x8;
    private static final int CANCEL = 0x8;
    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 3, (byte) 0xe9};
    private static final byte[] HI = {(byte) 0x81, 2, 'h', 'i'};

    private static String[] handshake(String path, String... more) {
        return Stream.of(
                        new String[] {
                            ":method", "CONNECT",
                            ":protocol", "websocket",
                            ":scheme", "http",
                            ":authority", "gw.test",
                            ":path", path,
                            "sec-websocket-version", "13"
                        },
                        more)
                .flatMap(Stream::of)
                .toArray(String[]::new);
    }

    private static RawHttp2Client client(Scene at) {
        return RawHttp2Client.connect(at.gateway.port());
    }

    /** Asks for a WebSocket on stream 1, and is given one. */
    private static RawHttp2Client open(Scene at) {
        RawHttp2Client client = client(at).headers(1, false, handshake("/chat"));
        Http2Frame head = client.await(frame -> frame.stream() == 1);
        assertThat(head.fields()).startsWith(":status: 200");
        assertThat(head.has(RawHttp2Client.END_STREAM)).isFalse();
        return client;
    }

    @Test
    void aHandshakeIsAGetForTheOriginAndThenBytesPassBothWays() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.echo(TunnelOrigin.ANSWERED);
                Scene at = Scene.with("origin.url", origin.url());
                RawHttp2Client client = client(at)) {
            // With bytes behind the handshake that are not waited for to be allowed.
            client.headers(1, false, handshake("/chat?a=1", "sec-websocket-key", "theirs", "x-own", "1"))
                    .data(1, false, HI);
            Http2Frame head = client.await(frame -> frame.stream() == 1);
            assertThat(head.fields())
                    .startsWith(":status: 200")
                    .anyMatch(line -> line.startsWith("via: "))
                    .noneMatch(line -> line.matches("(sec-websocket-accept|upgrade|connection):.*"));
            assertThat(client.setting(ENABLE_CONNECT_PROTOCOL)).isEqualTo(1);
            assertThat(origin.visit().head())
                    .startsWith("GET /chat?a=1 HTTP/1.1\r\nhost: gw.test\r\n")
                    .containsOnlyOnce("Upgrade: websocket\r\n")
                    .containsOnlyOnce("Connection: Upgrade\r\n")
                    .contains("sec-websocket-version: 13\r\n")
                    .contains("x-own: 1\r\n")
                    .containsPattern("\r\nsec-websocket-key: [A-Za-z0-9+/]{22}==\r\n")
                    .doesNotContain("theirs")
                    .doesNotContain("protocol");
            assertThat(client.data(1, HI.length)).isEqualTo(HI);
            byte[] later = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
            assertThat(client.data(1, false, later).data(1, later.length)).isEqualTo(later);
            assertThat(at.gateway.metric("esper_tunnels")).isEqualTo(1);
            // Other streams go on beside it.
            assertThat(client.exchange(3, "/blocked").status()).isEqualTo(403);
            client.data(1, true);
            assertThat(client.await(frame -> frame.stream() == 1).has(RawHttp2Client.END_STREAM))
                    .isTrue();
            await().atMost(PATIENCE).until(() -> at.gateway.metric("esper_tunnels") == 0);
        }
    }

    @Test
    void aClientThatSendsNoMoreIsStillAnswered() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.silent(TunnelOrigin.ANSWERED);
                Scene at = Scene.with("origin.url", origin.url(), "limits.half-close", "30s");
                RawHttp2Client client = open(at)) {
            TunnelOrigin.Visit visit = origin.visit();
            client.data(1, true, HI);
            assertThat(visit.read(HI.length)).isEqualTo(HI);
            assertThat(visit.ended()).isTrue();
            visit.write(HI);
            visit.socket().close();
            Http2Response rest = client.response(1);
            assertThat(rest.body()).isEqualTo(HI);
            assertThat(rest.reset()).isNull();
        }
    }

    @Test
    void anEndBeforeTheOriginHasAgreedIsNotForgotten() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.silent(TunnelOrigin.ANSWERED);
                Scene at = Scene.with("origin.url", origin.url(), "limits.half-close", "30s");
                RawHttp2Client client = client(at)) {
            client.headers(1, false, handshake("/chat")).data(1, true, HI);
            TunnelOrigin.Visit visit = origin.visit();
            assertThat(visit.read(HI.length)).isEqualTo(HI);
            assertThat(visit.ended()).isTrue();
            visit.socket().close();
            assertThat(client.response(1).status()).isEqualTo(200);
        }
    }

    @Test
    void aStreamThatIsResetEndsTheOriginsConnection() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.silent(TunnelOrigin.ANSWERED);
                Scene at = Scene.with("origin.url", origin.url());
                RawHttp2Client client = open(at)) {
            TunnelOrigin.Visit visit = origin.visit();
            client.reset(1, CANCEL);
            assertThat(visit.ended()).isTrue();
            await().atMost(PATIENCE).until(() -> at.gateway.metric("esper_tunnels") == 0);
            assertThat(client.exchange(3, "/blocked").status()).isEqualTo(403);
        }
    }

    @Test
    void anOriginThatBreaksOffResetsTheStreamOnly() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.silent(TunnelOrigin.ANSWERED);
                Scene at = Scene.with("origin.url", origin.url());
                RawHttp2Client client = open(at)) {
            TunnelOrigin.Visit visit = origin.visit();
            visit.socket().setSoLinger(true, 0);
            visit.socket().close();
            // RFC 8441 section 5
            assertThat(client.response(1).reset()).isEqualTo(CANCEL);
            assertThat(client.exchange(3, "/blocked").status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/blocked", "/challenged"})
    void whatIsNotAllowedIsNeverASuccess(String path) throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.silent(TunnelOrigin.ANSWERED);
                Scene at = Scene.with("origin.url", origin.url());
                RawHttp2Client client = client(at)) {
            client.headers(1, false, handshake(path));
            assertThat(client.response(1).status()).isBetween(300, 499);
            assertThat(at.gateway.metric("esper_tunnels_opened_total")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "502 HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                "502 HTTP/1.1 101 Switching Protocols\r\nUpgrade: raw\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: ANSWER\r\n\r\n",
                "502 HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
                "501 HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "501 HTTP/1.1 204 No Content\r\n\r\n",
                "426 HTTP/1.1 426 Upgrade Required\r\nContent-Length: 3\r\n\r\nno\n",
                "302 HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n"
            })
    void onlyAnAgreementThatIsProvedOpensOne(String statusAndAnswer) throws Exception {
        int status = Integer.parseInt(statusAndAnswer.substring(0, 3));
        try (TunnelOrigin origin = TunnelOrigin.silent(statusAndAnswer.substring(4));
                Scene at = Scene.with("origin.url", origin.url());
                RawHttp2Client client = client(at)) {
            client.headers(1, false, handshake("/chat"));
            assertThat(client.response(1).status()).isEqualTo(status);
            assertThat(at.gateway.metric("esper_tunnels_opened_total")).isZero();
        }
    }

    @Test
    void whereNoneIsAllowedNoneIsOffered() {
        try (Scene at = Scene.with("upgrade.protocols", "raw");
                RawHttp2Client client = client(at)) {
            assertThat(client.headers(1, false, handshake("/chat")).response(1).status())
                    .isEqualTo(501);
            assertThat(client.setting(ENABLE_CONNECT_PROTOCOL)).isEqualTo(-1);
            assertThat(at.origin.requests()).isEmpty();
        }
    }

    @Test
    void whoDoesNotReadHoldsTheOriginBack() throws Exception {
        byte[] sent = new byte[16 << 20];
        new Random(1).nextBytes(sent);
        try (TunnelOrigin origin = TunnelOrigin.silent(TunnelOrigin.ANSWERED);
                Scene at = Scene.with("origin.url", origin.url(), "limits.idle-timeout", "10m");
                RawHttp2Client client = open(at)) {
            TunnelOrigin.Visit visit = origin.visit();
            // One frame that is larger than all buffers on the way.
            byte[] head = {(byte) 0x82, 127, 0, 0, 0, 0, 1, 0, 0, 0};
            double before = at.gateway.metric("esper_direct_memory_bytes");
            Thread sender = new Thread(() -> write(visit, head, sent));
            sender.start();
            await().atMost(PATIENCE)
                    .during(Duration.ofMillis(500))
                    .until(() ->
                            sender.isAlive() && at.gateway.metric("esper_direct_memory_bytes") < before + (12 << 20));
            byte[] all = Arrays.copyOf(head, head.length + sent.length);
            System.arraycopy(sent, 0, all, head.length, sent.length);
            for (int from = 0; from < all.length; ) {
                byte[] part = client.data(1, 1);
                assertThat(Arrays.equals(part, Arrays.copyOfRange(all, from, from + part.length)))
                        .as("bytes from " + from)
                        .isTrue();
                from += part.length;
                client.windowUpdate(1, part.length).windowUpdate(0, part.length);
            }
            sender.join(30_000);
        }
    }

    @Test
    void aTunnelIsAsLongAsItLikesAndEachWindowIsGivenBackOnce() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.echo(TunnelOrigin.ANSWERED);
                Scene at = Scene.with("origin.url", origin.url(), "limits.body", "1 KiB");
                RawHttp2Client client = open(at)) {
            byte[] frame = new byte[16_384];
            frame[0] = (byte) 0x82;
            frame[1] = 126;
            frame[2] = (byte) ((frame.length - 4) >> 8);
            frame[3] = (byte) (frame.length - 4);
            for (int i = 0; i < 256; i++) {
                client.data(1, false, frame);
                for (int back = 0; back < frame.length; ) {
                    back += client.data(1, 1).length;
                }
                client.windowUpdate(1, frame.length).windowUpdate(0, frame.length);
            }
            assertThat(at.gateway.metric("esper_requests_open")).isEqualTo(1);
        }
    }

    @Test
    void drainSaysGoodbyeOnTheStream() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.silent(TunnelOrigin.ANSWERED);
                Scene at = Scene.with(
                        "origin.url", origin.url(), "upgrade.goodbye-spread", "0ms", "shutdown.drain", "30s");
                RawHttp2Client client = open(at)) {
            TunnelOrigin.Visit visit = origin.visit();
            Thread stop = new Thread(at.gateway::close);
            stop.start();
            assertThat(client.data(1, GOING_AWAY.length)).isEqualTo(GOING_AWAY);
            byte[] said = visit.read(8);
            assertThat(said).startsWith((byte) 0x88, (byte) 0x82);
            assertThat((said[6] ^ said[2]) << 8 | ((said[7] ^ said[3]) & 0xFF)).isEqualTo(1001);
            // The client's answer, and with it the end.
            client.data(1, false, new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe9});
            assertThat(client.await(frame -> frame.stream() == 1).has(RawHttp2Client.END_STREAM))
                    .isTrue();
            client.data(1, true);
            assertThat(visit.ended()).isTrue();
            stop.join(30_000);
            assertThat(stop.isAlive()).isFalse();
        }
    }

    private static void write(TunnelOrigin.Visit visit, byte[] head, byte[] rest) {
        try {
            visit.write(head);
            visit.write(rest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
