package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which fields of a visitor reach the origin: none that speak in a proxy's name, in whatever spelling an origin would read so. */
class ForwardedFieldsIT {

    private static TestOrigin origin;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        origin = TestOrigin.start();
        gateway = TestGateway.start(Map.of("origin.url", origin.url()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        origin.close();
    }

    @BeforeEach
    void forget() {
        origin.forget();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X_Forwarded_For",
                "X.Forwarded.For",
                "X!Real!IP",
                "X~Original~URL",
                "x_esper_verdict",
                "X-Forwarded-User",
                "X-Forwarded-Client-Cert",
                "X-Forwarded-Uri",
                "X-Original-Forwarded-For",
                "Client-IP",
                "Fly-Client-IP",
                "X-Originating-IP",
                "X-Azure-ClientIP",
                "X-HTTP-Host-Override",
                "X-Vercel-Forwarded-For",
                "DO-Connecting-IP",
                "Proxy-Client-IP",
                "WL-Proxy-Client-IP",
                "HTTP_CLIENT_IP",
                "HTTP_X_FORWARDED_FOR",
                "Content.Length",
                "Transfer_Encoding",
                "Proxy",
                "pRoXy"
            })
    void aFieldThatSpeaksForAProxyStaysHere(String name) {
        RawClient.exchange(gateway.port(), "GET / HTTP/1.1\r\nHost: gw.test\r\n" + name + ": forged\r\n\r\n");
        assertThat(origin.onlyRequest().headers().toString()).doesNotContain("forged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Request-Id", "Pragma", "Priority", "Cache-Control", "Foo_Bar", "foo.bar", "X-Forward"})
    void anyOtherFieldPasses(String name) {
        RawClient.exchange(gateway.port(), "GET / HTTP/1.1\r\nHost: gw.test\r\n" + name + ": kept\r\n\r\n");
        assertThat(origin.onlyRequest().headers().toString()).contains("kept");
    }

    @Test
    void theLastOfTenThousandConnectionOptionsCounts() {
        String options = "a,".repeat(10_000) + " First , last";
        RawClient.exchange(
                gateway.port(),
                "GET / HTTP/1.1\r\nHost: gw.test\r\nConnection: " + options
                        + "\r\nFirst: gone\r\nLast: gone\r\nOther: kept\r\n\r\n");
        assertThat(origin.onlyRequest().headers().toString())
                .doesNotContain("gone")
                .contains("kept");
    }
}
