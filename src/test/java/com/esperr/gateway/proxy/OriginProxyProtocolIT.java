package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An origin that is told whose requests a connection carries: a second gateway, which requires the header and tells its own origin what
 * it was told.
 */
class OriginProxyProtocolIT {
    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void eachRequestComesWithItsOwnVisitorsAddress(String version) {
        try (TestOrigin origin = TestOrigin.start();
                TestGateway inner = TestGateway.start(Map.of(
                        "origin.url", origin.url(),
                        "listen.proxy-protocol.mode", "required",
                        "listen.proxy-protocol.from", "loopback"));
                TestGateway outer = TestGateway.start(Map.of(
                        "origin.url",
                        "http://127.0.0.1:" + inner.port(),
                        "origin.proxy-protocol",
                        version,
                        "client.trusted-proxies",
                        "loopback",
                        "runtime.event-loops",
                        "1"));
                RawClient client = RawClient.connect(outer.port())) {
            for (String visitor : new String[] {"198.51.100.7", "203.0.113.9", "2001:db8::7"}) {
                RawResponse answer = client.send(
                                "GET / HTTP/1.1\r\nHost: gw.test\r\nX-Forwarded-For: " + visitor + "\r\n\r\n")
                        .readResponse();
                assertThat(answer.status()).isEqualTo(200);
                String told =
                        origin.requests().get(origin.requests().size() - 1).header("x-forwarded-for");
                assertThat(told).endsWith(visitor);
            }
        }
    }

    @Test
    void anOriginThatRequiresAHeaderIsReadyByOurOwn() {
        try (TestOrigin origin = TestOrigin.start();
                TestGateway inner = TestGateway.start(Map.of(
                        "origin.url", origin.url(),
                        "listen.proxy-protocol.mode", "required",
                        "listen.proxy-protocol.from", "loopback"));
                TestGateway outer = TestGateway.start(Map.of(
                        "origin.url", "http://127.0.0.1:" + inner.port(),
                        "origin.proxy-protocol", "v2",
                        "origin.health.path", "/healthy"))) {
            assertThat(outer.gateway().awaitReady(Duration.ofSeconds(30))).isTrue();
            assertThat(origin.requests()).anyMatch(request -> request.path().equals("/healthy"));
        }
    }
}
