package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawHttp3Client;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** The UDP port beside the TCP port: its certificates, who is told of it, and what strangers get. */
class Http3ListenerIT {
    private static final Duration LONG = Duration.ofSeconds(120);

    private static HttpResponse<String> overTcp(Http3Scene scene, HttpClient.Version version, String path) {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, scene.authority.toTrustManagerFactory().getTrustManagers(), null);
            HttpClient client =
                    HttpClient.newBuilder().sslContext(tls).version(version).build();
            return client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + scene.gateway.port() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void visitorsOfTheTcpPortAreToldOfTheUdpPort() {
        try (Http3Scene scene = Http3Scene.with("listen.http3.alt-svc-max-age", "1h")) {
            scene.origin.on("/named", Behaviours.respond(200, "", "Alt-Svc: h3=\":1\""));
            String told = "h3=\":" + scene.gateway.port() + "\"; ma=3600";
            for (HttpClient.Version version : HttpClient.Version.values()) {
                for (String path : List.of("/", "/blocked", "/named")) {
                    assertThat(overTcp(scene, version, path).headers().allValues("alt-svc"))
                            .containsExactly(told);
                }
            }
            try (RawHttp3Client client = scene.client()) {
                for (String path : List.of("/", "/named")) {
                    assertThat(client.exchange(path).head()).noneMatch(line -> line.startsWith("alt-svc"));
                }
            }
        }
    }

    @Test
    void thePortThatTheyAreToldMayBeAnotherOneOrNone() {
        try (Http3Scene scene = Http3Scene.with("listen.http3.alt-svc-port", "443")) {
            assertThat(overTcp(scene, HttpClient.Version.HTTP_2, "/").headers().firstValue("alt-svc"))
                    .contains("h3=\":443\"; ma=86400");
        }
        try (Http3Scene scene = Http3Scene.with("listen.http3.alt-svc-max-age", "0s")) {
            assertThat(overTcp(scene, HttpClient.Version.HTTP_2, "/").headers().firstValue("alt-svc"))
                    .isEmpty();
        }
    }

    @Test
    void whoAsksForWhatIsNoNameIsShownTheFirstCertificate() {
        try (Http3Scene scene = Http3Scene.with();
                RawHttp3Client client = RawHttp3Client.connect(scene.gateway.port(), "b\u00e4r.test");
                RawHttp3Client other = scene.client()) {
            assertThat(client.exchange("/").status()).isEqualTo(200);
            assertThat(other.exchange("/").status()).isEqualTo(200);
        }
    }

    @Test
    void nobodyIsToldOfWhatIsSwitchedOff() {
        try (Http3Scene scene = Http3Scene.with("listen.http3.enabled", "false")) {
            assertThat(overTcp(scene, HttpClient.Version.HTTP_2, "/").headers().firstValue("alt-svc"))
                    .isEmpty();
        }
    }

    @Test
    void newConnectionsAreShownTheNewCertificate() throws GeneralSecurityException {
        try (Http3Scene scene = Http3Scene.with("listen.tls.reload-interval", "100ms")) {
            RawHttp3Client old = scene.client();
            assertThat(old.exchange("/").status()).isEqualTo(200);
            X509Bundle renewed = scene.show("gw.test", "www.gw.test", "renewed.test");
            await().atMost(LONG).until(() -> {
                try (RawHttp3Client client = scene.client()) {
                    return client.certificate().equals(renewed.getCertificate());
                }
            });
            // Who is connected stays so, and who names nobody is shown the first.
            assertThat(old.exchange("/").status()).isEqualTo(200);
            old.close();
            try (RawHttp3Client nameless = RawHttp3Client.connect(scene.gateway.port(), "")) {
                assertThat(nameless.certificate()).isEqualTo(renewed.getCertificate());
                assertThat(nameless.exchange("/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aStrangerIsSentLessThanHeSends() throws IOException {
        try (Http3Scene scene = Http3Scene.with();
                DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            // An Initial packet (RFC 9000 section 17.2.2) as long as it must be, with nothing true in it but its
            // beginning.
            byte[] initial = new byte[1200];
            byte[] begin = {(byte) 0xc3, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0x44, (byte) 0x9e};
            System.arraycopy(begin, 0, initial, 0, begin.length);
            socket.send(new DatagramPacket(
                    initial, initial.length, InetAddress.getLoopbackAddress(), scene.gateway.port()));
            DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
            socket.setSoTimeout(30_000);
            socket.receive(answer);
            // A Retry packet (section 17.2.5), and nothing is remembered of it.
            assertThat(answer.getData()[0] & 0xf0).isEqualTo(0xf0);
            assertThat(answer.getLength()).isLessThan(initial.length / 3);
            assertThat(scene.gateway.metric("esper_client_connections")).isZero();
            try (RawHttp3Client client = scene.client()) {
                assertThat(client.exchange("/").status()).isEqualTo(200);
            }
        }
    }
}
