package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Haproxy;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Behind a haproxy that tells where connections come from, in both versions, over TCP and a unix socket. */
class HaproxyListenerIT {
    private static final String ASK = "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";

    @TempDir
    Path directory;

    private final TestOrigin origin = TestOrigin.start();

    @AfterEach
    void stop() {
        origin.close();
    }

    private TestGateway gateway() {
        return TestGateway.start("""
                listen.proxy-protocol { mode = required, from = [loopback], timeout = 30s }
                listeners = [ { address = "unix:%s/gw.sock", proxy-protocol = ${listen.proxy-protocol} } ]
                """.formatted(directory), Map.of("origin.url", origin.url()));
    }

    @Test
    void theVisitorIsWhomHaproxyNames() {
        try (TestGateway gateway = gateway()) {
            String tcp = "127.0.0.1:" + gateway.port();
            String unix = "unix@" + directory + "/gw.sock";
            for (String server : List.of(
                    tcp + " send-proxy",
                    tcp + " send-proxy-v2",
                    tcp + " send-proxy-v2 proxy-v2-options unique-id,crc32c,authority",
                    unix + " send-proxy",
                    unix + " send-proxy-v2")) {
                origin.forget();
                try (Haproxy haproxy = Haproxy.start(server)) {
                    assertThat(RawClient.exchange(haproxy.port(0), ASK).status())
                            .as(server)
                            .isEqualTo(200);
                }
                assertThat(origin.onlyRequest().header("x-forwarded-for")).isEqualTo("127.0.0.1");
            }
            assertThat(gateway.metric("esper_proxy_protocol_total{result=\"told\"}"))
                    .isGreaterThanOrEqualTo(5);
            assertThat(gateway.metric("esper_proxy_protocol_total{result=\"malformed\"}"))
                    .isZero();
        }
    }

    @Test
    void healthChecksAreTheBalancersOwn() {
        try (TestGateway gateway = gateway();
                Haproxy haproxy = Haproxy.start(
                        "127.0.0.1:" + gateway.port() + " send-proxy-v2 check check-send-proxy inter 100ms")) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> gateway.metric("esper_proxy_protocol_total{result=\"local\"}") >= 2);
            assertThat(RawClient.exchange(haproxy.port(0), ASK).status()).isEqualTo(200);
        }
    }

    @Test
    void withoutTheHeaderNobodyIsServed() {
        try (TestGateway gateway = gateway();
                Haproxy haproxy = Haproxy.start("127.0.0.1:" + gateway.port());
                RawClient client = RawClient.connect(haproxy.port(0))) {
            client.send(ASK);
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(origin.requests()).isEmpty();
            assertThat(gateway.metric("esper_proxy_protocol_total{result=\"malformed\"}"))
                    .isGreaterThanOrEqualTo(1);
        }
    }
}
