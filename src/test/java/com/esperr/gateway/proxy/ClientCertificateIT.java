package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.Shell;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Visitors with certificates, who come with curl and openssl. */
class ClientCertificateIT {
    @TempDir
    Path directory;

    private final X509Bundle authority = Certificates.authority();
    private final TestOrigin origin = TestOrigin.start();
    private TestGateway gateway;

    @BeforeEach
    void write() throws Exception {
        Certificates.root(authority, directory.resolve("ca.pem"));
        Certificates.key(authority, directory.resolve("ca.key"));
        write("site", Certificates.issued(authority, "site.test"));
        write("bob", Certificates.issued(authority, "bob"));
        write("eve", Certificates.issued(authority, "eve"));
        write("stranger", Certificates.issued(Certificates.authority(), "bob"));
        byte[] ticketKey = new byte[48];
        ticketKey[0] = 7;
        Files.write(directory.resolve("tickets"), ticketKey);
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        origin.close();
    }

    @Test
    void whoHasToShowOneAndDoesNotGetsNoConnection() {
        gateway = start("required", "");
        assertThat(curl("/")).startsWith("curl: (");
        assertThat(curl("/", "--cert", "DIR/stranger.pem", "--key", "DIR/stranger.key"))
                .startsWith("curl: (");
        assertThat(origin.requests()).isEmpty();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> gateway.metric("esper_tls_handshakes_total{result=\"failed\"}") == 2);
        assertThat(curl("/", "--cert", "DIR/bob.pem", "--key", "DIR/bob.key")).isEqualTo("200");
    }

    @Test
    void theOriginIsToldWhoseCertificateItWasAndNothingThatVisitorsWrite() throws Exception {
        gateway = start("optional", "");
        String[] lies = {
            "-H", "Client-Cert: :AAAA:", "-H", "X-Client-Cert-Subject: CN=admin", "-H", "ssl-client-verify: SUCCESS",
            "-H", "X_Client_Cert_Verified: true", "-H", "X-SSL-Client-S-DN: CN=admin", "-H", "ssl-other: 1"
        };
        assertThat(curl("/", lies)).isEqualTo("200");
        ReceivedRequest nobody = origin.requests().get(0);
        assertThat(nobody.header("x-client-cert-verified")).isEqualTo("false");
        assertThat(nobody.header("client-cert")).isEmpty();
        assertThat(nobody.header("x-client-cert-subject")).isEmpty();
        assertThat(nobody.header("ssl-client-verify")).isEmpty();
        assertThat(nobody.header("x_client_cert_verified")).isEmpty();
        assertThat(nobody.header("x-ssl-client-s-dn")).isEmpty();
        assertThat(nobody.header("ssl-other")).isEqualTo("1");
        assertThat(curl("/", "--cert", "DIR/bob.pem", "--key", "DIR/bob.key", "-H", "Client-Cert: :AAAA:"))
                .isEqualTo("200");
        ReceivedRequest bob = origin.requests().get(1);
        assertThat(bob.header("x-client-cert-verified")).isEqualTo("true");
        assertThat(bob.header("x-client-cert-subject")).isEqualTo("CN=bob");
        assertThat(bob.header("x-client-cert-san")).isEqualTo("dns:bob");
        String der = Shell.run("openssl x509 -in " + directory + "/bob.pem -outform DER | base64 -w0");
        assertThat(bob.header("client-cert")).isEqualTo(":" + der + ":");
        assertThat(Shell.run("openssl x509 -in " + directory + "/bob.pem -noout -fingerprint -sha256")
                        .replace(":", "")
                        .toLowerCase())
                .contains("=" + bob.header("x-client-cert-fingerprint"));
        assertThat(Shell.run("openssl x509 -in " + directory + "/bob.pem -noout -serial")
                        .toLowerCase())
                .contains(bob.header("x-client-cert-serial"));
    }

    @Test
    void aPolicyDecidesByTheCertificateAndTheFingerprintOfTheClient() throws Exception {
        Path policies = Files.writeString(directory.resolve("p.conf"), """
                policies = [ { policy_id = p, clauses = [
                  { mitigation = block, match = { all = [
                    { field = request_path, operator = equals, value = "/admin" }
                    { field = tls_client_subject, operator = not_equals, value = "CN=bob" } ] } }
                  { mitigation = block, match = { all = [
                    { field = request_path, operator = equals, value = "/shape" }
                    { field = tls_ja4, operator = matches_regex, value = "^t13d[0-9]{4}h[12]_[0-9a-f]{12}_[0-9a-f]{12}$" }
                    { field = tls_version, operator = equals, value = "TLSv1.3" }
                    { field = tls_sni, operator = equals, value = "site.test" }
                    { field = tls_cipher, operator = starts_with, value = "TLS_" } ] } }
                ] } ]""");
        gateway = start("optional", "policies.path = [ \"" + policies + "\" ]");
        assertThat(curl("/admin")).isEqualTo("403");
        assertThat(curl("/admin", "--cert", "DIR/eve.pem", "--key", "DIR/eve.key"))
                .isEqualTo("403");
        assertThat(curl("/admin", "--cert", "DIR/bob.pem", "--key", "DIR/bob.key"))
                .isEqualTo("200");
        assertThat(curl("/shape")).isEqualTo("403");
        assertThat(curl("/shape", "--tls-max", "1.2")).isEqualTo("200");
    }

    @Test
    void whoIsRevokedIsRefusedAlsoWithASessionFromBefore() throws Exception {
        revocations("bob");
        gateway = start(
                "required", "listen.tls { reload-interval = 100ms, client-crl-file = \"" + directory + "/crl.pem\" }");
        assertThat(curl("/", "--cert", "DIR/bob.pem", "--key", "DIR/bob.key")).startsWith("curl: (");
        assertThat(curl("/", "--cert", "DIR/eve.pem", "--key", "DIR/eve.key")).isEqualTo("200");
        String eve = "-cert DIR/eve.pem -key DIR/eve.key ";
        begin(eve + "-tls1_3");
        assertThat(resume(gateway, eve + "-tls1_3")).contains("Reused, ");
        revocations("eve");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> gateway.metric("esper_tls_reloads_total{result=\"ok\"}") >= 1);
        assertThat(resume(gateway, eve + "-tls1_3")).doesNotContain("Reused, ", "HTTP/1.1 200");
    }

    @Test
    void aResumedSessionIsStillTheSameVisitors() {
        gateway = start("required", "");
        for (String version : List.of("-tls1_3", "-tls1_2")) {
            String bob = "-cert DIR/bob.pem -key DIR/bob.key " + version;
            begin(bob);
            assertThat(resume(gateway, bob)).contains("Reused, ", "HTTP/1.1 200");
            assertThat(origin.requests().get(origin.requests().size() - 1).header("x-client-cert-subject"))
                    .isEqualTo("CN=bob");
        }
    }

    @Test
    void aTicketCountsOnReplicasButNotWhereMoreIsAskedFor() {
        gateway = start("off", "");
        for (String version : List.of("-tls1_3", "-tls1_2")) {
            begin(version);
            try (TestGateway replica = start("off", "");
                    TestGateway strict = start("required", "")) {
                assertThat(resume(replica, version)).contains("Reused, ", "HTTP/1.1 200");
                assertThat(resume(strict, version)).doesNotContain("Reused, ", "HTTP/1.1 200");
            }
        }
    }

    private TestGateway start(String mode, String more) {
        return TestGateway.start(
                """
                listen.tls {
                  certificates = [ { certificate-file = "%1$s/site.pem", key-file = "%1$s/site.key" } ]
                  client-auth = %2$s
                  client-ca-file = "%1$s/ca.pem"
                  sessions.ticket-key-file = "%1$s/tickets"
                }
                forward.client-certificate = true
                %3$s
                """.formatted(directory, mode, more), Map.of("origin.url", origin.url(), "runtime.event-loops", "1"));
    }

    private void write(String file, X509Bundle bundle) {
        Certificates.chain(bundle, directory.resolve(file + ".pem"));
        Certificates.key(bundle, directory.resolve(file + ".key"));
    }

    /** Makes a list of revoked certificates with one more in it. */
    private void revocations(String name) throws Exception {
        if (!Files.exists(directory.resolve("index.txt"))) {
            Files.createFile(directory.resolve("index.txt"));
            Files.writeString(directory.resolve("ca.conf"), """
                    [ca]
                    default_ca = here
                    [here]
                    database = %1$s/index.txt
                    certificate = %1$s/ca.pem
                    private_key = %1$s/ca.key
                    default_md = sha256
                    default_crl_days = 30
                    """.formatted(directory));
        }
        String ca = "openssl ca -config " + directory + "/ca.conf ";
        assertThat(Shell.run(ca + "-revoke " + directory + "/" + name + ".pem")).contains("Database updated");
        Shell.run(ca + "-gencrl -out " + directory + "/new.pem && mv " + directory + "/new.pem " + directory
                + "/crl.pem");
        assertThat(directory.resolve("crl.pem")).isNotEmptyFile();
    }

    private void begin(String options) {
        assertThat(client(gateway, "-sess_out DIR/session " + options)).contains("HTTP/1.1 200");
    }

    private String resume(TestGateway where, String options) {
        return client(where, "-sess_in DIR/session " + options);
    }

    private String client(TestGateway where, String options) {
        String line = "(printf 'GET / HTTP/1.1\\r\\nHost: site.test\\r\\nConnection: close\\r\\n\\r\\n'; sleep 1)"
                + " | openssl s_client -connect 127.0.0.1:PORT -servername site.test -ign_eof " + options;
        return Shell.run(line.replace("PORT", Integer.toString(where.port())).replace("DIR", directory.toString()));
    }

    private String curl(String path, String... options) {
        StringBuilder line = new StringBuilder("curl -sS --cacert DIR/ca.pem --resolve site.test:PORT:127.0.0.1 ")
                .append("-o /dev/null -w '%{http_code}'");
        for (String option : options) {
            line.append(" '").append(option).append('\'');
        }
        line.append(" https://site.test:PORT").append(path);
        return Shell.run(line.toString()
                .replace("PORT", Integer.toString(gateway.port()))
                .replace("DIR", directory.toString()));
    }
}
