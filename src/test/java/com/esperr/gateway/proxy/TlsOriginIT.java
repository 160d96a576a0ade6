package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.testkit.TlsOrigin;
import com.esperr.gateway.testkit.TlsTunnel;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An origin behind {@code https}: whom it is taken for, what it is asked, and how its connections end. */
class TlsOriginIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: gw.test\r\n\r\n";

    @TempDir
    Path directory;

    private final X509Bundle authority = Certificates.authority();
    private final X509Bundle identity = Certificates.issued(authority, "localhost", "app.test");

    @Test
    void aKeptConnectionServesTheNextRequest() throws Exception {
        try (TlsOrigin origin = TlsOrigin.of(identity);
                OpenFront front = front(origin.port(), Map.of());
                RawClient client = front.client()) {
            assertThat(client.send(GET).readResponse().bodyText()).isEqualTo("ok");
            assertThat(client.send(GET).readResponse().bodyText()).isEqualTo("ok");
            assertThat(origin.connectionsAccepted()).isEqualTo(1);
            assertThat(origin.names()).containsExactly("type=host_name (0), value=localhost");
        }
    }

    @Test
    void theServerNameOfTheConfigurationIsAskedForAndFound() throws Exception {
        try (TlsOrigin origin = TlsOrigin.of(identity);
                OpenFront front = front(origin.port(), Map.of("origin.tls.server-name", "app.test"))) {
            assertThat(ask(front, "/").status()).isEqualTo(200);
            assertThat(origin.names()).containsExactly("type=host_name (0), value=app.test");
        }
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        try (TlsOrigin origin = TlsOrigin.of(Certificates.expired(authority, "localhost"));
                OpenFront front = front(origin.port(), Map.of())) {
            assertRefused(front, "tls: certificate expired: ");
        }
    }

    @Test
    void anUnknownAuthorityIsRefused() throws Exception {
        try (TlsOrigin origin = TlsOrigin.of(Certificates.issued(Certificates.authority(), "localhost"));
                OpenFront front = front(origin.port(), Map.of())) {
            assertRefused(front, "tls: certificate of an unknown authority: ");
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        try (TlsOrigin origin = TlsOrigin.of(Certificates.issued(authority, "other.test"));
                OpenFront front = front(origin.port(), Map.of())) {
            assertRefused(front, "tls: certificate for another name: ");
        }
    }

    @Test
    void whoDoesNotVerifyTakesAnyCertificate() throws Exception {
        try (TlsOrigin origin = TlsOrigin.of(Certificates.expired(Certificates.authority(), "other.test"));
                OpenFront front =
                        front(origin.port(), Map.of("origin.tls.verify", "false", "origin.tls.ca-file", ""))) {
            assertThat(ask(front, "/").bodyText()).isEqualTo("ok");
        }
    }

    @Test
    void anOriginWithoutTlsIsNoConnection() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                OpenFront front = front(plain.getLocalPort(), Map.of())) {
            Thread refusing = new Thread(() -> refuse(plain), "plain-origin");
            refusing.setDaemon(true);
            refusing.start();
            assertRefused(front, "tls: not TLS");
        }
    }

    @Test
    void aHandshakeThatStallsEndsWithTheConnectTimeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                OpenFront front = front(silent.getLocalPort(), Map.of("origin.connect-timeout", "300ms"))) {
            assertThat(ask(front, "/").status()).isEqualTo(504);
            assertThat(record(front).failure()).isEqualTo(FailureReason.ORIGIN_CONNECT_TIMEOUT);
            await().until(() -> front.upstream.gauges().connecting() == 0);
            assertThat(front.upstream.gauges().open()).isZero();
        }
    }

    @Test
    void theCertificateOfTheGatewayIsShown() throws Exception {
        X509Bundle own = Certificates.issued(authority, "gateway.test");
        Map<String, String> shown = Map.of(
                "origin.tls.certificate-file",
                        Certificates.chain(own, directory.resolve("own.pem")).toString(),
                "origin.tls.key-file",
                        Certificates.key(own, directory.resolve("own.key")).toString());
        try (TlsOrigin origin = TlsOrigin.demanding(identity, authority);
                OpenFront nobody = front(origin.port(), Map.of());
                OpenFront somebody = front(origin.port(), shown)) {
            assertThat(ask(nobody, "/").status()).isEqualTo(502);
            assertThat(ask(somebody, "/").status()).isEqualTo(200);
            assertThat(origin.clients()).containsExactly("CN=gateway.test");
        }
    }

    @Test
    void aBodyWithoutLengthIsWholeOnlyBehindACloseNotify() throws Exception {
        try (TlsOrigin origin = TlsOrigin.of(identity);
                OpenFront front = front(origin.port(), Map.of())) {
            assertThat(ask(front, "/ended").bodyText()).isEqualTo("ok");
            try (RawClient client = front.client()) {
                client.send("GET /cut HTTP/1.1\r\nHost: gw.test\r\n\r\n");
                assertThat(client.readHead()).startsWith("HTTP/1.1 200");
                await().until(() -> front.records.size() == 2);
                assertThat(front.records.get(1).failure()).isEqualTo(FailureReason.ORIGIN_CLOSED);
            }
            await().until(() -> front.upstream.gauges().open() == 0);
            assertThat(front.upstream.gauges().leased()).isZero();
        }
    }

    @Test
    void largeBodiesPassBothWays() {
        long bytes = 48L << 20;
        try (TestOrigin plain =
                        TestOrigin.start().on("/down", Behaviours.stream(bytes)).on("/up", Behaviours.hello());
                TlsTunnel tunnel = TlsTunnel.to(plain.port());
                OpenFront front = new OpenFront(
                        Map.of(
                                "origin.url",
                                tunnel.url(),
                                "origin.tls.ca-file",
                                tunnel.authority(directory.resolve("tunnel.pem"))
                                        .toString()),
                        Clock.SYSTEM);
                RawClient client = front.client()) {
            RawResponse down =
                    client.send("GET /down HTTP/1.1\r\nHost: gw.test\r\n\r\n").readResponse();
            assertThat(down.status()).isEqualTo(200);
            client.send("POST /up HTTP/1.1\r\nHost: gw.test\r\nContent-Length: " + bytes + "\r\n\r\n");
            assertThat(client.sendPattern(bytes).readResponse().status()).isEqualTo(200);
            assertThat(front.records.get(0).responseBodyBytes()).isEqualTo(bytes);
            assertThat(plain.violations()).isEmpty();
            assertThat(tunnel.shaken()).isEqualTo(1);
        }
    }

    private static void refuse(ServerSocket plain) {
        try (Socket client = plain.accept()) {
            client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException broken) {
            return;
        }
    }

    private static void assertRefused(OpenFront front, String detail) {
        assertThat(ask(front, "/").status()).isEqualTo(502);
        ExchangeRecord record = record(front);
        assertThat(record.failure()).isEqualTo(FailureReason.ORIGIN_CONNECT);
        assertThat(record.failureDetail()).startsWith(detail);
        await().until(() -> front.upstream.gauges().connecting() == 0);
        assertThat(front.upstream.gauges().open()).isZero();
        assertThat(front.upstream.gauges().leased()).isZero();
    }

    private static ExchangeRecord record(OpenFront front) {
        await().until(() -> !front.records.isEmpty());
        return front.records.get(0);
    }

    private static RawResponse ask(OpenFront front, String path) {
        return RawClient.exchange(
                front.proxy.port(), "GET " + path + " HTTP/1.1\r\nHost: gw.test\r\nConnection: close\r\n\r\n");
    }

    private OpenFront front(int port, Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(Map.of(
                "origin.url",
                "https://localhost:" + port,
                "origin.tls.ca-file",
                Certificates.chain(authority, directory.resolve("ca.pem")).toString()));
        keys.putAll(more);
        return new OpenFront(keys, Clock.SYSTEM);
    }
}
