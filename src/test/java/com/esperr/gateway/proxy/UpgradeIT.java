package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that changes its protocol (RFC 9110 section 7.8), byte by byte, between a visitor, the true gateway and an origin. */
class UpgradeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HANDSHAKE = Scene.request(
            "GET /chat",
            "Connection: keep-alive, Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 3, (byte) 0xe9};

    @Test
    void aWebSocketIsDecidedOnOnceAndThenBytesBothWays() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.echo(TunnelOrigin.SWITCH);
                Scene at = Scene.with("origin.url", origin.url());
                RawClient client = at.client().send(HANDSHAKE)) {
            String head = client.readHead();
            assertThat(head).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
            assertThat(head).contains("Upgrade: websocket\r\n").contains("Connection: Upgrade\r\n");
            assertThat(head).contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
            assertThat(origin.visit().head())
                    .contains("Upgrade: websocket\r\n")
                    .contains("Connection: Upgrade\r\n")
                    .contains("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
                    .doesNotContain("keep-alive");
            for (String message : new String[] {"a", "GET / HTTP/1.1\r\n\r\n", "\0\1\2"}) {
                client.send(message);
                assertThat(client.readBytes(message.length())).isEqualTo(message.getBytes(StandardCharsets.ISO_8859_1));
            }
            assertThat(at.gateway.metric("esper_tunnels")).isEqualTo(1);
            assertThat(at.gateway.metric("esper_tunnels_opened_total")).isEqualTo(1);
            client.halfClose();
            assertThat(client.readUntilClose()).isEmpty();
            await().atMost(PATIENCE).until(() -> at.gateway.metric("esper_tunnels") == 0);
        }
    }

    @Test
    void aHandshakeThatIsBlockedNeverReachesTheOrigin() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.echo(TunnelOrigin.SWITCH);
                Scene at = Scene.with("origin.url", origin.url());
                RawClient client = at.client().send(HANDSHAKE.replace("/chat", "/blocked"))) {
            assertThat(client.readResponse().status()).isEqualTo(403);
            assertThat(at.gateway.metric("esper_tunnels_opened_total")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
                "Connection: Upgrade\r\nUpgrade: TLS/1.2",
                "Connection: Upgrade\r\nUpgrade: something",
                "Upgrade: websocket",
                "Connection: close, x\r\nUpgrade: websocket",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key:",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Key: b"
            })
    void whatIsNotAllowedIsAnOrdinaryRequest(String lines) throws Exception {
        try (Scene at = Scene.with();
                RawClient client = at.client().send(Scene.request("GET /", lines))) {
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(at.origin.requests().get(0).header("upgrade")).isEmpty();
            assertThat(at.origin.requests().get(0).header("http2-settings")).isEmpty();
        }
    }

    @Test
    void aRequestWithABodyMayNotChangeTheProtocol() throws Exception {
        try (Scene at = Scene.with();
                RawClient client = at.client()
                        .send(Scene.request("POST /", "Connection: Upgrade", "Upgrade: websocket", "Content-Length: 2")
                                + "ok")) {
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(at.origin.requests().get(0).header("upgrade")).isEmpty();
        }
    }

    @Test
    void anOriginThatDeclinesLeavesTheConnectionToHttp() throws Exception {
        try (TunnelOrigin origin =
                        TunnelOrigin.silent("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 3\r\n\r\nno\n");
                Scene at = Scene.with("origin.url", origin.url());
                RawClient client = at.client().send(HANDSHAKE + Scene.request("GET /blocked"))) {
            assertThat(client.readResponse().status()).isEqualTo(426);
            // What follows is a request, and is decided on as one: nothing is smuggled past (CWE-444).
            assertThat(client.readResponse().status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: h2c", "Upgrade: websocket, h2c", "X: y"})
    void anOriginThatChangesToSomethingElseIsNotBelieved(String upgrade) throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.silent(
                        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n" + upgrade + "\r\n\r\n");
                Scene at = Scene.with("origin.url", origin.url());
                RawClient client = at.client().send(HANDSHAKE)) {
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(origin.visit().ended()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: y",
                "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
            })
    void anOriginThatDoesNotKnowWhatItWasAskedIsNotBelieved(String answer) throws Exception {
        String said = TunnelOrigin.SWITCH.replace("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", answer);
        try (TunnelOrigin origin = TunnelOrigin.silent(said);
                Scene at = Scene.with("origin.url", origin.url());
                RawClient client = at.client().send(HANDSHAKE)) {
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(origin.visit().ended()).isTrue();
            assertThat(at.gateway.metric("esper_tunnels_opened_total")).isZero();
        }
    }

    @Test
    void everyKeyHasItsOwnAnswer() throws Exception {
        String asked = HANDSHAKE.replace("dGhlIHNhbXBsZSBub25jZQ==", "AAAAAAAAAAAAAAAAAAAAAA==");
        try (TunnelOrigin origin = TunnelOrigin.echo(TunnelOrigin.ANSWERED);
                Scene at = Scene.with("origin.url", origin.url());
                RawClient client = at.client().send(asked)) {
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ").contains("Sec-WebSocket-Accept: ");
        }
    }

    @Test
    void anOriginMayNotChangeTheProtocolUnasked() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.silent(TunnelOrigin.SWITCH);
                Scene at = Scene.with("origin.url", origin.url())) {
            assertThat(at.ask("GET /").status()).isEqualTo(502);
        }
    }

    @Test
    void megabytesPassUnchangedAndSlowReadersHoldTheOtherSideBack() throws Exception {
        byte[] sent = new byte[24 << 20];
        new Random(1).nextBytes(sent);
        // Without frames, so that nothing but bytes is looked at.
        try (TunnelOrigin origin = TunnelOrigin.echo(TunnelOrigin.SWITCH.replace("websocket", "raw"));
                Scene at = Scene.with("origin.url", origin.url(), "upgrade.protocols", "raw");
                RawClient client = at.client().send(HANDSHAKE.replace("websocket", "raw"))) {
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            Thread sender = new Thread(() -> client.trySend(sent));
            sender.start();
            // Nobody reads: everything fills up, and nothing is gathered in the gateway.
            await().atMost(PATIENCE)
                    .during(Duration.ofMillis(500))
                    .until(() -> at.gateway.metric("esper_direct_memory_bytes") < 24 << 20);
            for (int from = 0; from < sent.length; from += 1 << 20) {
                assertThat(client.readBytes(1 << 20)).isEqualTo(Arrays.copyOfRange(sent, from, from + (1 << 20)));
            }
            sender.join(30_000);
        }
    }

    @Test
    void whenTheOriginEndsTheClientGetsWhatIsLeftAndTheEnd() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.silent(TunnelOrigin.SWITCH);
                Scene at = Scene.with("origin.url", origin.url());
                RawClient client = at.client().send(HANDSHAKE)) {
            client.readHead();
            TunnelOrigin.Visit visit = origin.visit();
            visit.write(new byte[] {(byte) 0x81, 2, 'h', 'i'});
            visit.socket().close();
            assertThat(client.readUntilClose()).endsWith("hi");
        }
    }

    @Test
    void aClientThatSendsNoMoreIsStillAnswered() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.silent(TunnelOrigin.SWITCH);
                Scene at = Scene.with("origin.url", origin.url(), "limits.half-close", "30s");
                RawClient client = at.client().send(HANDSHAKE)) {
            client.readHead();
            TunnelOrigin.Visit visit = origin.visit();
            client.halfClose();
            assertThat(visit.ended()).isTrue();
            visit.write(new byte[] {(byte) 0x81, 2, 'h', 'i'});
            visit.socket().close();
            assertThat(client.readUntilClose()).endsWith("hi");
        }
    }

    @Test
    void silenceForTooLongEndsWithACloseFrameOnBothSides() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.silent(TunnelOrigin.SWITCH);
                Scene at = Scene.with("origin.url", origin.url(), "upgrade.idle-timeout", "300ms");
                RawClient client = at.client().send(HANDSHAKE)) {
            client.readHead();
            assertThat(client.readBytes(4)).isEqualTo(GOING_AWAY);
            assertThat(unmasked(origin.visit().read(8))).isEqualTo(GOING_AWAY);
            // The client's answer to it.
            client.send(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe9});
            assertThat(client.readUntilClose()).isEmpty();
            await().atMost(PATIENCE).until(() -> at.gateway.metric("esper_tunnels_idle_total") == 1);
            assertThat(at.gateway.metric("esper_tunnels")).isZero();
        }
    }

    @Test
    void drainSaysGoodbyeBetweenTwoFrames() throws Exception {
        try (TunnelOrigin origin = TunnelOrigin.silent(TunnelOrigin.SWITCH);
                Scene at = Scene.with(
                        "origin.url", origin.url(), "upgrade.goodbye-spread", "0ms", "shutdown.drain", "30s");
                RawClient client = at.client().send(HANDSHAKE)) {
            client.readHead();
            TunnelOrigin.Visit visit = origin.visit();
            // Half a frame to the client, and half of one to the origin.
            visit.write(new byte[] {(byte) 0x81, 4, 'h', 'a'});
            assertThat(client.readBytes(4)).isEqualTo(new byte[] {(byte) 0x81, 4, 'h', 'a'});
            client.send(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'o'});
            assertThat(visit.read(7)).endsWith((byte) 'o');
            Thread stop = new Thread(at.gateway::close);
            stop.start();
            visit.write(new byte[] {'l', 'f', (byte) 0x81, 1, 'x'});
            byte[] rest = client.readBytes(6);
            if (rest[2] == (byte) 0x81) {
                // The sweep had not come by yet: that frame was whole, and the goodbye is behind it.
                assertThat(client.readBytes(3)).isNotEmpty();
            } else {
                assertThat(rest).isEqualTo(new byte[] {'l', 'f', (byte) 0x88, 2, 3, (byte) 0xe9});
            }
            client.send(new byte[] {'k', (byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe9});
            assertThat(visit.read(1)).isEqualTo(new byte[] {'k'});
            assertThat(unmasked(visit.read(8))).isEqualTo(GOING_AWAY);
            assertThat(visit.ended()).isTrue();
            stop.join(30_000);
            assertThat(stop.isAlive()).isFalse();
        }
    }

    private static byte[] unmasked(byte[] frame) throws IOException {
        if (frame[0] != GOING_AWAY[0] || frame[1] != (byte) 0x82) {
            throw new IOException("not a masked Close frame: " + Arrays.toString(frame));
        }
        return new byte[] {frame[0], 2, (byte) (frame[6] ^ frame[2]), (byte) (frame[7] ^ frame[3])};
    }
}
