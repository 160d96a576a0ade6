package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.Http3Call;
import com.esperr.gateway.testkit.Patience;
import com.esperr.gateway.testkit.RawHttp3Client;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.TransportConfig.Transport;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process with HTTP/3 takes over from another one: visitors of HTTP/3 are answered by the one before, and then come to the next. */
class Http3RestartIT {
    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start(Behaviours.respond(200, "here\n"));
    private final List<GatewayProcess> started = new ArrayList<>();
    private final X509Bundle authority = Certificates.authority();

    @BeforeEach
    void files() throws IOException {
        assumeThat(EventLoops.available(Transport.EPOLL)).isTrue();
        X509Bundle site = Certificates.issued(authority, "gw.test", "localhost");
        Certificates.chain(site, directory.resolve("site.pem"));
        Certificates.key(site, directory.resolve("site.key"));
        Files.writeString(directory.resolve("gateway.conf"), """
                origin.url = "%1$s"
                handover.socket = "%2$s/handover.sock"
                runtime.transport = epoll
                shutdown.grace = 1s
                listen.http3.enabled = true
                listen.tls.certificates = [ { certificate-file = "%2$s/site.pem", key-file = "%2$s/site.key" } ]
                """.formatted(origin.url(), directory));
    }

    @AfterEach
    void stop() {
        started.forEach(GatewayProcess::close);
        origin.close();
    }

    private GatewayProcess start(String listen, String admin) {
        GatewayProcess process = GatewayProcess.start(
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
                Map.of(),
                "run",
                "--config",
                directory.resolve("gateway.conf").toString(),
                "--listen",
                listen,
                "--admin",
                admin);
        started.add(process);
        return process;
    }

    /** What a visitor over TCP is told about UDP. */
    private Optional<String> advertised(int port) throws Exception {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, authority.toTrustManagerFactory().getTrustManagers(), null);
        HttpResponse<String> response = HttpClient.newBuilder()
                .sslContext(tls)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.headers().firstValue("Alt-Svc");
    }

    @Test
    void whoIsAnsweredOverUdpIsAnsweredToTheEndAndTheNextProcessListensThere() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        origin.on("/slow", Behaviours.stallUntil(release, Behaviours.respond(200, "at last\n")));
        GatewayProcess before = start("127.0.0.1:0", "127.0.0.1:0");
        int port = before.port();
        assertThat(advertised(port)).isPresent();
        try (RawHttp3Client visitor = RawHttp3Client.connect(port)) {
            Http3Call slow = visitor.get("/slow");
            await().atMost(Patience.LIMIT)
                    .until(() -> origin.requests().stream()
                            .anyMatch(request -> request.path().equals("/slow")));

            GatewayProcess next = start("127.0.0.1:" + port, "127.0.0.1:" + before.adminPort());
            assertThat(next.port()).isEqualTo(port);
            next.awaitLine(line -> line.contains("listen.http3: waits until the process before has let go"));
            before.awaitLine(line -> line.contains("handover: another process serves"));
            // Whoever comes now comes over TCP, to the next, which tells nobody of what it has not got yet.
            await().atMost(Patience.LIMIT).until(() -> advertised(port).isEmpty());

            release.countDown();
            assertThat(slow.response().status()).isEqualTo(200);
            assertThat(slow.response().text()).isEqualTo("at last\n");
            assertThat(before.awaitExit()).isZero();
            assertThat(before.lines()).noneMatch(line -> line.contains("are cut"));
            next.awaitLine(line -> line.contains("UDP port " + port + " is listened on"));
            assertThat(advertised(port)).isPresent();
        }
        try (RawHttp3Client visitor = RawHttp3Client.connect(port)) {
            assertThat(visitor.exchange("/").status()).isEqualTo(200);
        }
    }
}
