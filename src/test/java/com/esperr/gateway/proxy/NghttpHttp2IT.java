package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.Peers;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 with the clients that people have: nghttp, h2load and curl, with TLS and without. */
class NghttpHttp2IT {
    @TempDir
    Path directory;

    private final X509Bundle authority = Certificates.authority();
    private final TestOrigin origin = TestOrigin.start(Behaviours.hello());
    private TestGateway plain;
    private TestGateway tls;

    @BeforeEach
    void start() {
        Certificates.root(authority, directory.resolve("ca.pem"));
        X509Bundle issued = Certificates.issued(authority, "a.test");
        Certificates.chain(issued, directory.resolve("a.pem"));
        Certificates.key(issued, directory.resolve("a.key"));
        Map<String, String> keys = Map.of("origin.url", origin.url(), "runtime.event-loops", "1");
        plain = TestGateway.start(keys);
        tls = TestGateway.start("""
                listen.tls.certificates = [ { certificate-file = "%1$s/a.pem", key-file = "%1$s/a.key" } ]
                """.formatted(directory), keys);
    }

    @AfterEach
    void stop() {
        plain.close();
        tls.close();
        origin.close();
    }

    @Test
    void nghttpSeesTheFramesOfAResponse() throws Exception {
        Path nghttp = Peers.require("nghttp");
        String told = run(nghttp + " -v http://127.0.0.1:" + plain.port() + "/page");
        assertThat(told).contains(":status: 200", "GET /page").contains("; END_STREAM");
    }

    @Test
    void nghttpUploadsWithTrailers() throws Exception {
        Path nghttp = Peers.require("nghttp");
        String file = directory.resolve("ca.pem").toString();
        String told = run(nghttp + " -v --no-content-length --trailer 'x-check: 1' -d " + file + " http://127.0.0.1:"
                + plain.port() + "/");
        assertThat(told).contains(":status: 200");
        assertThat(origin.onlyRequest().trailers().all("x-check")).containsExactly("1");
    }

    @Test
    void h2loadLosesNoRequest() throws Exception {
        Path h2load = Peers.require("h2load");
        for (String at : new String[] {"http://127.0.0.1:" + plain.port(), "https://127.0.0.1:" + tls.port()}) {
            String told = run(h2load + " -n 2000 -c 4 -m 20 " + at + "/load");
            assertThat(told).contains("2000 succeeded, 0 failed, 0 errored, 0 timeout");
        }
    }

    @Test
    void curlChoosesHttp2UnderTlsAndIsNotMadeTo() throws Exception {
        assertThat(curl("--http2", tls, "https")).isEqualTo("2 200");
        assertThat(curl("--http1.1", tls, "https")).isEqualTo("1.1 200");
        assertThat(curl("--http2-prior-knowledge", plain, "http")).isEqualTo("2 200");
        // It offers an upgrade, which nobody answers any more (RFC 9113 section 3.1).
        assertThat(curl("--http2", plain, "http")).isEqualTo("1.1 200");
    }

    @Test
    void whatIsSwitchedOffIsNotOffered() throws Exception {
        try (TestGateway without = TestGateway.start(
                """
                listen.tls.certificates = [ { certificate-file = "%1$s/a.pem", key-file = "%1$s/a.key" } ]
                """.formatted(directory),
                Map.of("origin.url", origin.url(), "runtime.event-loops", "1", "listen.http2.enabled", "false"))) {
            assertThat(curl("--http2", without, "https")).isEqualTo("1.1 200");
        }
    }

    private String curl(String version, TestGateway gateway, String scheme) throws Exception {
        return run("curl -s -o /dev/null -w '%{http_version} %{http_code}' " + version + " --cacert "
                + directory.resolve("ca.pem") + " --resolve a.test:" + gateway.port() + ":127.0.0.1 " + scheme
                + "://a.test:" + gateway.port() + "/");
    }

    private static String run(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-c", command)
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return text;
    }
}
