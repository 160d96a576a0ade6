package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A site that is there with https only: a listener that sends visitors there, and one that tells browsers to stay. */
class HttpsOnlyIT {
    @TempDir
    Path directory;

    private final TestOrigin origin = TestOrigin.start();
    private TestGateway gateway;
    private int plain;

    @BeforeEach
    void start() {
        X509Bundle authority = Certificates.authority();
        X509Bundle bundle = Certificates.issued(authority, "a.test");
        Certificates.root(authority, directory.resolve("ca.pem"));
        Certificates.chain(bundle, directory.resolve("a.pem"));
        Certificates.key(bundle, directory.resolve("a.key"));
        gateway = TestGateway.start(
                """
                listen {
                  tls.certificates = [ { certificate-file = "%1$s/a.pem", key-file = "%1$s/a.key" } ]
                  hsts { max-age = 365d, include-subdomains = true, preload = true }
                }
                listeners = [
                  { address = "127.0.0.1:0", redirect-to-https.enabled = true }
                  { address = "127.0.0.1:0", redirect-to-https { enabled = true, status = 302, port = 8443 } }
                ]
                """.formatted(directory), Map.of("origin.url", origin.url(), "client.trusted-proxies", "loopback"));
        plain = gateway.gateway().ports().get(1);
    }

    @AfterEach
    void stop() {
        gateway.close();
        origin.close();
    }

    private RawResponse ask(String line, String... more) {
        return RawClient.exchange(plain, line + " HTTP/1.1\r\n" + String.join("", more) + "Connection: close\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /, a.test, https://a.test/",
        "GET /a/b?c=d&e=%2F, a.test:8080, https://a.test/a/b?c=d&e=%2F",
        "GET /a?, A.Test., https://a.test/a?",
        "HEAD /a, [2001:db8::1]:80, https://[2001:db8::1]/a",
        "DELETE /a/../b/./c, a.test, https://a.test/b/c",
        "GET //evil.test/x, a.test, https://a.test/evil.test/x",
        "GET /?u=https://evil.test, a.test, https://a.test/?u=https://evil.test",
        "GET http://a.test/x?y, a.test, https://a.test/x?y",
        "OPTIONS *, a.test, https://a.test/"
    })
    void theSamePageWithHttps(String line, String host, String location) {
        RawResponse answer = ask(line, "Host: " + host + "\r\n");
        assertThat(answer.status()).isEqualTo(308);
        assertThat(answer.header("location")).isEqualTo(location);
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.headers().has("strict-transport-security")).isFalse();
        assertThat(origin.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: a.test@evil.test\r\n",
                "Host: a.test\\@evil.test\r\n",
                "Host: a.test/evil.test\r\n",
                "Host: a.test evil.test\r\n",
                "Host: a.test#\r\n",
                "Host: a.test?\r\n",
                "Host: a.test\r\nHost: evil.test\r\n",
                "Host:\r\n",
                ""
            })
    void whatIsNoHostLeadsNowhere(String host) {
        RawResponse answer = ask("GET /", host);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.headers().has("location")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\\evil.test",
                "GET \\\\evil.test/",
                "GET /a%0d%0aSet-Cookie:x",
                "GET /a%00b",
                "GET http://evil.test/",
                "GET /a#b",
                "GET /%"
            })
    void whatIsNoPathLeadsNowhereElse(String line) {
        RawResponse answer = ask(line, "Host: a.test\r\n");
        if (answer.status() == 308) {
            assertThat(URI.create(answer.header("location")).getHost()).isEqualTo("a.test");
            assertThat(answer.header("location")).doesNotContain("\\");
        } else {
            assertThat(answer.status()).isEqualTo(400);
        }
        assertThat(answer.headers().has("set-cookie")).isFalse();
    }

    @Test
    void anOldClientNeedsAHost() {
        assertThat(RawClient.exchange(plain, "GET /x HTTP/1.0\r\n\r\n").status())
                .isEqualTo(400);
        assertThat(RawClient.exchange(plain, "GET /x HTTP/1.0\r\nHost: a.test\r\n\r\n")
                        .header("location"))
                .isEqualTo("https://a.test/x");
    }

    @Test
    void statusAndPortAreAsConfigured() {
        RawResponse answer = RawClient.exchange(
                gateway.gateway().ports().get(2), "GET /x HTTP/1.1\r\nHost: a.test:80\r\nConnection: close\r\n\r\n");
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("location")).isEqualTo("https://a.test:8443/x");
    }

    @Test
    void aBodyIsDiscardedAndTheConnectionKept() {
        try (RawClient client = RawClient.connect(plain)) {
            for (int i = 0; i < 3; i++) {
                client.send("POST /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello");
                assertThat(client.readResponse().status()).isEqualTo(308);
            }
        }
        assertThat(gateway.metric("esper_requests_total{outcome=\"answered\",status_class=\"3xx\"}"))
                .isEqualTo(3);
    }

    @Test
    void aProofIsTakenAlong() {
        String query = "?esper_proof=abc&x=1";
        assertThat(ask("GET /page" + query, "Host: a.test\r\n").header("location"))
                .isEqualTo("https://a.test/page" + query);
    }

    @Test
    void whatAuthoritiesLookForStaysInClearText() {
        assertThat(ask("GET /.well-known/acme-challenge/token", "Host: a.test\r\n")
                        .status())
                .isEqualTo(200);
        assertThat(origin.onlyRequest().target()).isEqualTo("/.well-known/acme-challenge/token");
        assertThat(ask("GET /.well-known/acme-challenge/../../x", "Host: a.test\r\n")
                        .header("location"))
                .isEqualTo("https://a.test/x");
    }

    @Test
    void whoSpokeHttpsWithAProxyOfOursIsNotSentRound() {
        assertThat(ask("GET /", "Host: a.test\r\nX-Forwarded-Proto: https\r\n").status())
                .isEqualTo(200);
        assertThat(ask("GET /", "Host: a.test\r\nX-Forwarded-Proto: http\r\n").status())
                .isEqualTo(308);
    }

    @Test
    void browsersAreToldToStayByTheGatewayAlone() throws Exception {
        origin.on(
                "/own",
                Behaviours.verbatim("HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\n"
                        + "STRICT-transport-security: max-age=2\r\nX-Kept: yes\r\nContent-Length: 0\r\n\r\n"));
        for (String path : new String[] {"/", "/own", "/%00", "/missing?" + "a&".repeat(2000)}) {
            assertThat(curl(path).lines().filter(line -> line.startsWith("strict-transport-security:")))
                    .as(path)
                    .containsExactly("strict-transport-security: max-age=31536000; includesubdomains; preload");
        }
        assertThat(curl("/own")).contains("x-kept: yes");
    }

    private String curl(String path) throws Exception {
        Process process = new ProcessBuilder(
                        "timeout",
                        "30",
                        "curl",
                        "-sS",
                        "-o",
                        "/dev/null",
                        "-D",
                        "-",
                        "--cacert",
                        directory + "/ca.pem",
                        "--resolve",
                        "a.test:" + gateway.port() + ":127.0.0.1",
                        "https://a.test:" + gateway.port() + path)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said.toLowerCase(java.util.Locale.ROOT);
    }
}
