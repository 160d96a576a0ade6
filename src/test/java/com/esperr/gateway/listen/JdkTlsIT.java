package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.Shell;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listener where BoringSSL does not load: the JDK's TLS, announced by a warning. */
class JdkTlsIT {
    @TempDir
    Path directory;

    @Test
    void theJdkServesTheSameVisitorsAndTheOperatorIsTold() throws Exception {
        X509Bundle authority = Certificates.authority();
        Certificates.root(authority, directory.resolve("ca.pem"));
        write("a", Certificates.issued(authority, "a.test"));
        write("b", Certificates.issued(authority, "b.test"));
        write("bob", Certificates.issued(authority, "bob"));
        Path config = Files.writeString(directory.resolve("gateway.conf"), """
                listen.tls {
                  client-auth = optional
                  client-ca-file = "%1$s/ca.pem"
                  ocsp-stapling = true
                  certificates = [
                    { certificate-file = "%1$s/a.pem", key-file = "%1$s/a.key" }
                    { certificate-file = "%1$s/b.pem", key-file = "%1$s/b.key" }
                  ]
                }
                forward.client-certificate = true
                log.access = off
                """.formatted(directory));
        try (TestOrigin origin = TestOrigin.start();
                GatewayProcess gateway = GatewayProcess.start(
                        List.of("-Dio.netty.handler.ssl.noOpenSsl=true"),
                        Map.of(),
                        "run",
                        "--config=" + config,
                        "--origin=" + origin.url(),
                        "--listen=127.0.0.1:0",
                        "--admin=127.0.0.1:0")) {
            int port = gateway.port();
            assertThat(gateway.lines()).anyMatch(line -> line.contains("TLS is done by the JDK"));
            for (String version : new String[] {"--tlsv1.3", "--tlsv1.2 --tls-max 1.2"}) {
                for (String host : new String[] {"a.test", "b.test"}) {
                    assertThat(curl(host, port, version)).isEqualTo("200");
                }
            }
            assertThat(curl("a.test", port, "--cert DIR/bob.pem --key DIR/bob.key"))
                    .isEqualTo("200");
            assertThat(origin.requests().get(4).header("x-client-cert-subject")).isEqualTo("CN=bob");
            assertThat(curl("a.test", port, "--tls-max 1.1")).startsWith("curl: ");
            assertThat(renegotiation(port)).contains("alert handshake failure").doesNotContain("HTTP/1.1");
        }
    }

    /** What a client is told that shakes hands again on the connection it has, and asks for a page then. */
    private static String renegotiation(int port) throws IOException {
        Process client = new ProcessBuilder("openssl", "s_client", "-tls1_2", "-connect", "127.0.0.1:" + port)
                .redirectErrorStream(true)
                .start();
        StringBuilder said = new StringBuilder();
        // Not closed: who is told no may have left before it has read all.
        Writer in = client.outputWriter();
        in.append("R\n").flush();
        try (BufferedReader out = client.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.append(line).append('\n');
                if (line.equals("RENEGOTIATING")) {
                    askForAPage(in);
                }
            }
        } finally {
            client.destroy();
        }
        return said.toString();
    }

    private static void askForAPage(Writer in) {
        try {
            in.append("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n")
                    .flush();
        } catch (IOException gone) {
            // It was told before that.
        }
    }

    private String curl(String host, int port, String options) {
        return Shell.run(("curl -sS --cacert DIR/ca.pem --resolve " + host + ":" + port + ":127.0.0.1 -o /dev/null "
                                + "-w '%{http_code}' " + options + " https://" + host + ":" + port
                                + "/ | grep -v '^000$'")
                        .replace("DIR", directory.toString()))
                .strip();
    }

    private void write(String file, X509Bundle bundle) {
        Certificates.chain(bundle, directory.resolve(file + ".pem"));
        Certificates.key(bundle, directory.resolve(file + ".key"));
    }
}
