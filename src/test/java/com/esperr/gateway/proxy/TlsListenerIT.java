package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.Logged;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.Shell;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listener under {@code https}, with the clients that people have: curl and openssl. */
class TlsListenerIT {
    @TempDir
    Path directory;

    private final X509Bundle authority = Certificates.authority();
    private final TestOrigin origin = TestOrigin.start();
    private TestGateway gateway;

    @BeforeEach
    void start() {
        Certificates.root(authority, directory.resolve("ca.pem"));
        write("a", "a.test");
        write("b", "www.b.test");
        gateway = TestGateway.start(
                """
                listen.tls {
                  reload-interval = 100ms
                  handshake-timeout = 1s
                  certificates = [
                    { certificate-file = "%1$s/a.pem", key-file = "%1$s/a.key" }
                    { certificate-file = "%1$s/b.pem", key-file = "%1$s/b.key" }
                  ]
                }
                """.formatted(directory),
                Map.of(
                        "origin.url",
                        origin.url(),
                        "runtime.event-loops",
                        "1",
                        "log.access",
                        directory.resolve("access.log").toString(),
                        "log.ja4",
                        "true"));
    }

    @AfterEach
    void stop() {
        gateway.close();
        origin.close();
    }

    @Test
    void eachNameHasItsCertificateAndTheOriginIsToldOfHttps() throws Exception {
        assertThat(curl("a.test", "/")).contains("200");
        assertThat(curl("www.b.test", "/")).contains("200");
        assertThat(origin.requests().get(0).header("x-forwarded-proto")).isEqualTo("https");
        assertThat(gateway.metric("esper_tls_handshakes_total{result=\"ok\"}")).isEqualTo(2);
    }

    @Test
    void theAccessLogSaysTheFingerprintOfWhoAsked() throws Exception {
        assertThat(curl("a.test", "/")).contains("200");
        Path log = directory.resolve("access.log");
        await().atMost(30, TimeUnit.SECONDS).until(() -> Files.size(log) > 0);
        assertThat(Files.readString(log)).containsPattern("\"ja4\":\"t13d[0-9]{4}h[12]_[0-9a-f]{12}_[0-9a-f]{12}\"");
    }

    @Test
    void aNameNobodyHasACertificateForIsShownTheFirst() throws Exception {
        assertThat(run("openssl s_client -connect 127.0.0.1:PORT -servername c.test -alpn h2,http/1.1 </dev/null"))
                .contains("CN = a.test", "ALPN protocol: h2", "TLSv1.3");
    }

    @Test
    void oldVersionsAndWeakSuitesAreRefused() throws Exception {
        assertThat(run("openssl s_client -connect 127.0.0.1:PORT -tls1_1 </dev/null"))
                .contains("alert");
        assertThat(run("openssl s_client -connect 127.0.0.1:PORT -tls1_2 -cipher AES128-SHA </dev/null"))
                .contains("alert");
        await().until(() -> gateway.metric("esper_tls_handshakes_total{result=\"failed\"}") >= 2);
    }

    @Test
    void sessionsAreResumed() throws Exception {
        for (String version : List.of("-tls1_3", "-tls1_2")) {
            run("(printf 'GET / HTTP/1.1\\r\\nHost: a.test\\r\\nConnection: close\\r\\n\\r\\n'; sleep 1)"
                    + " | openssl s_client -connect 127.0.0.1:PORT -servername a.test -ign_eof -sess_out DIR/session "
                    + version);
            assertThat(run("openssl s_client -connect 127.0.0.1:PORT -servername a.test -sess_in DIR/session " + version
                            + " </dev/null"))
                    .contains("Reused, ");
        }
    }

    @Test
    void whoSpeaksHttpIsToldSoInClearText() {
        assertThat(RawClient.exchange(gateway.port(), "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                        .bodyText())
                .isEqualTo("This port speaks https.\r\n");
        assertThat(gateway.metric("esper_tls_handshakes_total{result=\"plain\"}"))
                .isEqualTo(1);
        assertThat(origin.requests()).isEmpty();
    }

    /** An error in the log would be one that any visitor could write there as often as he likes. */
    @Test
    void whoBeginsWithMoreThanAnyoneSaysIsClosedAndCountedAndNoDefect() {
        byte[] record = {22, 3, 1, 0x40, 0, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff, 3, 3};
        try (Logged logged = Logged.below(FrontendConnection.class.getName());
                RawClient client =
                        RawClient.connect(gateway.port()).send(record).send(new byte[0x4000])) {
            assertThat(client.isClosedByPeer()).isTrue();
            await().until(() -> gateway.metric("esper_tls_handshakes_total{result=\"failed\"}") >= 1);
            assertThat(logged.lines()).noneMatch(line -> line.startsWith("ERROR"));
        }
    }

    @Test
    void whoAsksForWhatIsNoNameIsShownTheFirst() {
        try (Logged logged = Logged.below(FrontendConnection.class.getName())) {
            assertThat(Shell.run("openssl s_client -connect 127.0.0.1:" + gateway.port()
                            + " -servername \"$(printf 'www.b\\344.test')\" </dev/null 2>/dev/null"
                            + " | openssl x509 -noout -subject"))
                    .contains("a.test");
            assertThat(logged.lines()).noneMatch(line -> line.startsWith("ERROR"));
        }
    }

    @Test
    void whoSaysNothingIsClosedAndCounted() {
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.isClosedByPeer()).isTrue();
        }
        await().until(() -> gateway.metric("esper_tls_handshakes_total{result=\"failed\"}") == 1);
    }

    @Test
    void changedFilesArePutInForceAndBadOnesAreNot() throws Exception {
        Certificates.key(Certificates.issued(authority, "other.test"), directory.resolve("a.key"));
        await().until(() -> gateway.metric("esper_tls_reloads_total{result=\"refused\"}") >= 1);
        assertThat(curl("a.test", "/")).contains("200");
        write("a", "new.test");
        await().until(() -> gateway.metric("esper_tls_reloads_total{result=\"ok\"}") >= 1);
        assertThat(curl("new.test", "/")).contains("200");
    }

    @Test
    void largeBodiesPassBothWays() throws Exception {
        long bytes = 48L << 20;
        origin.on("/down", Behaviours.stream(bytes)).on("/up", Behaviours.hello());
        assertThat(curl("a.test", "/down", "-w", "%{http_code} %{size_download}"))
                .contains("200 " + bytes);
        assertThat(run("head -c " + bytes + " /dev/zero | curl -sS --cacert DIR/ca.pem --resolve a.test:PORT:127.0.0.1"
                        + " -o /dev/null -w '%{http_code}' -T - https://a.test:PORT/up"))
                .isEqualTo("200");
        assertThat(origin.bytesReceived()).isGreaterThanOrEqualTo(bytes);
    }

    @Test
    void anAnswerToWhoIsStillSendingArrivesWhole() throws Exception {
        origin.on("/early", Behaviours.earlyFinal(403, "enough"));
        assertThat(run("head -c 8000000 /dev/zero | curl -sS --cacert DIR/ca.pem --resolve a.test:PORT:127.0.0.1"
                        + " -w ' %{http_code}' -T - https://a.test:PORT/early"))
                .contains("enough 403");
    }

    @Test
    void aBodyThatIsCutOffIsNotTakenForAWholeOne() throws Exception {
        origin.on("/cut", Behaviours.closeMidBody(1000, 10));
        assertThat(curl("a.test", "/cut")).containsPattern("curl: \\((18|56|92)\\)");
    }

    private void write(String file, String name) {
        X509Bundle bundle = Certificates.issued(authority, name);
        Certificates.chain(bundle, directory.resolve(file + ".pem"));
        Certificates.key(bundle, directory.resolve(file + ".key"));
    }

    private String curl(String host, String path, String... more) throws Exception {
        List<String> options = new ArrayList<>();
        for (String option : more.length == 0 ? new String[] {"-w", "%{http_code}"} : more) {
            options.add("'" + option + "'");
        }
        return run("curl -sS --cacert DIR/ca.pem --resolve " + host + ":PORT:127.0.0.1 -o /dev/null "
                + String.join(" ", options) + " https://" + host + ":PORT" + path);
    }

    private String run(String command) throws IOException, InterruptedException {
        String line = command.replace("PORT", Integer.toString(gateway.port())).replace("DIR", directory.toString());
        Process process = new ProcessBuilder("timeout", "20", "sh", "-c", line)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
