package com.esperr.gateway.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.FreePort;
import com.esperr.gateway.testkit.Pebble;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.Shell;
import com.esperr.gateway.testkit.TestDns;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates over ACME from Let's Encrypt's test server, which connects to the gateway to see whether the name leads there. */
class AcmePebbleIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final TestOrigin origin = TestOrigin.start();
    private final TestDns dns =
            TestDns.start().addresses("shop.test", 60, "127.0.0.1").addresses("www.shop.test", 60, "127.0.0.1");
    private final int port = FreePort.next();
    private TestGateway gateway;
    private Pebble pebble;

    @AfterEach
    void stop() {
        if (pebble != null) {
            pebble.close();
        }
        if (gateway != null) {
            gateway.close();
        }
        origin.close();
        dns.close();
    }

    @Test
    void aCertificateComesOverHttpAndIsPutInForceWithoutRestart() throws Exception {
        run("http-01");
    }

    @Test
    void aCertificateComesOverTlsAndIsPutInForceWithoutRestart() throws Exception {
        run("tls-alpn-01");
    }

    private void run(String challenge) throws Exception {
        X509Bundle authority = Certificates.authority();
        X509Bundle server = Certificates.issued(authority, "localhost");
        Certificates.root(authority, directory.resolve("pebble-ca.pem"));
        Certificates.chain(server, directory.resolve("pebble.pem"));
        Certificates.key(server, directory.resolve("pebble.key"));
        gateway = start(challenge);
        // Nobody answers yet: the gateway is there all the same, with a certificate that nobody trusts.
        assertThat(shown()).contains("Not signed by anybody yet");
        await().atMost(LONG).until(() -> gateway.metric("esper_acme_orders_total{result=\"failed\"}") >= 1);
        pebble = Pebble.start(
                directory, port, gateway.ports().get(0), gateway.ports().get(1), dns);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(gateway.metric("esper_acme_orders_total{result=\"ok\"}"))
                        .as(pebble.output())
                        .isEqualTo(1));
        // One certificate, for both names, each of which was looked at.
        await().atMost(LONG).untilAsserted(() -> assertThat(shown()).contains("Pebble Intermediate"));
        assertThat(shown()).contains("DNS:shop.test", "DNS:www.shop.test");
        assertThat(gateway.metric("esper_tls_certificate_expires_seconds{name=\"www.shop.test\"}"))
                .isPositive();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("store/account.key"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("store/site.key"))))
                .isEqualTo("rw-------");
        // The token is forgotten with the order, and such a path is the origin's again.
        RawClient.exchange(
                gateway.ports().get(0),
                "GET /.well-known/acme-challenge/x HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");
        assertThat(origin.requests()).hasSize(1);
        gateway.close();
        gateway = start(challenge);
        assertThat(shown()).contains("Pebble Intermediate");
    }

    private TestGateway start(String challenge) {
        return TestGateway.start(
                """
                listeners = [ { address = "127.0.0.1:0", tls {
                  reload-interval = 100ms
                  acme {
                    domains = [ shop.test, www.shop.test ]
                    directory-url = "https://localhost:%d/dir"
                    email = "operator@example.org"
                    terms-agreed = true
                    storage = "%2$s/store"
                    challenge = %3$s
                    retry { first = 500ms, longest = 1s }
                    ca-file = "%2$s/pebble-ca.pem"
                  }
                } } ]
                """.formatted(port, directory, challenge),
                Map.of("origin.url", origin.url(), "runtime.event-loops", "1"));
    }

    private String shown() {
        return Shell.run(
                "openssl s_client -connect 127.0.0.1:" + gateway.ports().get(1)
                        + " -servername www.shop.test </dev/null 2>/dev/null | openssl x509 -noout -issuer -ext subjectAltName");
    }
}
