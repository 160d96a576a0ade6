package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.FreePort;
import com.esperr.gateway.testkit.Logged;
import com.esperr.gateway.testkit.OpensslAuthority;
import com.esperr.gateway.testkit.Shell;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.transport.CertificateFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What openssl's responder says about a certificate, seen by openssl's client. */
class OcspStaplingIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final int port = FreePort.next();
    private OpensslAuthority authority;

    @BeforeEach
    void issue() {
        authority = new OpensslAuthority(directory);
    }

    @Test
    void whoWantsToKnowIsShownWhatTheAuthoritySays() throws Exception {
        authority.issue("site.test", port, "");
        try (AutoCloseable responder = authority.respond(port);
                TestGateway gateway = start("true")) {
            await().atMost(LONG).until(() -> gateway.metric("esper_tls_ocsp_answers_total{result=\"ok\"}") == 1);
            for (String version : new String[] {"-tls1_3", "-tls1_2"}) {
                assertThat(status(gateway, version)).contains("OCSP Response Status: successful", "Cert Status: good");
            }
            assertThat(gateway.metric("esper_tls_certificate_expires_seconds{name=\"site.test\"}"))
                    .isBetween(190.0 * 86_400, 201.0 * 86_400);
        }
    }

    @Test
    void withoutAnAnswerTheListenerServesAllTheSame() throws Exception {
        authority.issue("site.test", port, "tlsfeature=status_request\n");
        try (Logged logged = Logged.below(Staples.class.getName());
                TestGateway gateway = start("true")) {
            await().atMost(LONG).until(() -> gateway.metric("esper_tls_ocsp_answers_total{result=\"failed\"}") == 1);
            assertThat(status(gateway, "-tls1_3")).contains("OCSP response: no response sent", "CN = site.test");
            assertThat(String.join("\n", logged.lines())).contains("the certificate demands an answer");
        }
    }

    @Test
    void anAnswerThatTheCertificateWasTakenBackIsNotStapled() throws Exception {
        authority.issue("site.test", port, "");
        authority.revoke();
        try (Logged logged = Logged.below(Staples.class.getName());
                AutoCloseable responder = authority.respond(port);
                TestGateway gateway = start("true")) {
            await().atMost(LONG).until(() -> gateway.metric("esper_tls_ocsp_answers_total{result=\"failed\"}") == 1);
            assertThat(status(gateway, "-tls1_3")).contains("OCSP response: no response sent");
            assertThat(logged.lines()).isNotEmpty();
        }
    }

    @Test
    void aFileBesideTheCertificateIsShownAndNobodyAsked() throws Exception {
        authority.issue("site.test", port, "");
        authority.say("site.test.pem.ocsp");
        try (TestGateway gateway = start("true")) {
            await().atMost(LONG).until(() -> gateway.metric("esper_tls_ocsp_answers_total{result=\"ok\"}") == 1);
            assertThat(status(gateway, "-tls1_3")).contains("OCSP Response Status: successful", "Cert Status: good");
            assertThat(gateway.metric("esper_tls_ocsp_answers_total{result=\"failed\"}"))
                    .isZero();
        }
    }

    @Test
    void theFileIsReadAgainWhenItChangesAndNotUsedWhereItDoesNotCount() throws Exception {
        authority.issue("site.test", port, "");
        ShownCertificate shown = ShownCertificate.read(
                new CertificateFiles(directory.resolve("site.test.pem"), directory.resolve("site.test.key")));
        Path file = directory.resolve("site.test.pem.ocsp");
        Staples staples = new Staples("listen.tls", System::currentTimeMillis);
        authority.say("site.test.pem.ocsp");
        staples.look(List.of(shown));
        staples.look(List.of(shown));
        byte[] first = staples.of(shown.leaf());
        assertThat(first).isEqualTo(Files.readAllBytes(file));
        assertThat(staples.fetched()).isEqualTo(1);

        try (Logged logged = Logged.below(Staples.class.getName())) {
            Files.writeString(file, "no answer");
            staples.look(List.of(shown));
            staples.look(List.of(shown));
            assertThat(logged.lines()).hasSize(1).first().asString().contains("site.test.pem.ocsp is not used");
        }
        assertThat(staples.of(shown.leaf())).isEqualTo(first);
        assertThat(staples.failed()).isEqualTo(1);

        authority.say("site.test.pem.ocsp");
        staples.look(List.of(shown));
        assertThat(staples.of(shown.leaf())).isEqualTo(Files.readAllBytes(file));
        assertThat(staples.fetched()).isEqualTo(2);

        Files.delete(file);
        staples.look(List.of(shown));
        assertThat(staples.failed()).as("asked where nobody answers").isEqualTo(2);
    }

    private TestGateway start(String stapling) {
        return TestGateway.start(
                """
                listen.tls {
                  ocsp-stapling = %2$s
                  certificates = [ { certificate-file = "%1$s/site.test.pem", key-file = "%1$s/site.test.key" } ]
                }
                """.formatted(directory, stapling),
                Map.of("origin.url", "http://127.0.0.1:9", "runtime.event-loops", "1"));
    }

    private static String status(TestGateway gateway, String version) {
        return Shell.run("openssl s_client -connect 127.0.0.1:" + gateway.port() + " -servername site.test -status "
                + version + " </dev/null");
    }
}
