package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the origin is told about the visitor, by whose word, and what it is not told. */
class VisitorFieldsIT {

    private @Nullable Scene scene;

    @AfterEach
    void stop() {
        if (scene != null) {
            scene.close();
        }
    }

    private Scene start(String... keysAndValues) {
        scene = Scene.with(keysAndValues);
        return scene;
    }

    private static RawHeaders headers(Scene at, String... lines) {
        assertThat(at.ask(lines).status()).isEqualTo(200);
        return at.origin.onlyRequest().headers();
    }

    @Test
    void aVisitorCannotNameHimselfInTheHeaderOfTheProxies() {
        Scene at = start("client.address-header", "Visitor-Address");
        RawHeaders headers = headers(
                at,
                "GET /",
                "Visitor-Address: 192.0.2.66",
                "Visitor_Address: 192.0.2.66",
                "X-Forwarded-For: 192.0.2.66");
        assertThat(headers.has("visitor-address")).isFalse();
        assertThat(headers.has("visitor_address")).isFalse();
        assertThat(headers.only("x-forwarded-for")).isEqualTo("127.0.0.1");
    }

    @Test
    void theOriginIsToldWhoAsksAndHow() {
        RawHeaders headers = headers(start(), "GET /");
        assertThat(headers.only("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(headers.only("x-forwarded-proto")).isEqualTo("http");
        assertThat(headers.only("x-forwarded-host")).isEqualTo("gw.test");
        assertThat(headers.only("forwarded")).isEqualTo("for=127.0.0.1;host=gw.test;proto=http");
        assertThat(headers.only("via")).startsWith("1.1 esper-gateway (");
        assertThat(headers.only("host")).isEqualTo("gw.test");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 192.0.2.66",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil.test",
                "X-Forwarded-Port: 666",
                "X-Forwarded-Prefix: /evil",
                "Forwarded: for=192.0.2.66;host=evil.test",
                "X-Real-IP: 192.0.2.66",
                "X-Client-IP: 192.0.2.66",
                "True-Client-IP: 192.0.2.66",
                "CF-Connecting-IP: 192.0.2.66",
                "Fastly-Client-IP: 192.0.2.66",
                "X-Cluster-Client-IP: 192.0.2.66",
                "X-Envoy-External-Address: 192.0.2.66",
                "X-Original-URL: /evil",
                "X-Rewrite-URL: /evil",
                "X-Original-Host: evil.test",
                "X-Host: evil.test",
                "X_Forwarded_For: 192.0.2.66",
                "X-Forwarded_For: 192.0.2.66",
                "X_Real_IP: 192.0.2.66",
                "X_Original_URL: /evil",
                "x_rewrite-url: /evil",
                "Content_Length: 666",
                "Transfer_Encoding: evil",
                "Esper-Decision: evil",
                "esper_decision: evil",
                "X-Esper-Api-Key: evil",
                "X_ESPER_Anything: evil",
                "Proxy: http://evil.test",
                "Proxy-Authorization: Basic evil",
                "Proxy-Connection: evil",
                "Keep-Alive: evil",
                "Upgrade: evil"
            })
    void whatOnlyAProxyMaySayIsNotTakenFromAVisitor(String line) {
        Scene at = start();
        RawHeaders headers = headers(at, "GET /", line);
        assertThat(at.origin.onlyRequest().rawHead())
                .doesNotContainIgnoringCase("evil")
                .doesNotContain("192.0.2.66", "666");
        assertThat(headers.only("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(headers.only("x-forwarded-proto")).isEqualTo("http");
    }

    @Test
    void aTrustedProxyIsBelievedAndTheListGoesOn() {
        Scene at = start("client.trusted-proxies", "127.0.0.0/8");
        RawHeaders headers = headers(
                at,
                "GET /",
                "X-Forwarded-For: 192.0.2.66, 198.51.100.7",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: shop.test",
                "Forwarded: for=198.51.100.7",
                "X-Real-IP: 198.51.100.7",
                "Via: 1.1 edge");
        assertThat(headers.only("x-forwarded-for")).isEqualTo("192.0.2.66, 198.51.100.7, 127.0.0.1");
        assertThat(headers.only("x-forwarded-proto")).isEqualTo("https");
        assertThat(headers.only("x-forwarded-host")).isEqualTo("shop.test");
        assertThat(headers.only("forwarded")).startsWith("for=198.51.100.7, for=127.0.0.1");
        assertThat(headers.only("x-real-ip")).isEqualTo("198.51.100.7");
        assertThat(headers.only("via")).startsWith("1.1 edge, 1.1 esper-gateway (");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X_Forwarded_For: 192.0.2.66",
                "X_Original_Host: evil.test",
                "X_Envoy_External_Address: 192.0.2.66",
                "Front_End_Https: evil",
                "Esper-Decision: evil",
                "Proxy: http://evil.test"
            })
    void whatNoProxySaysIsNotTakenFromATrustedOneEither(String line) {
        Scene at = start("client.trusted-proxies", "127.0.0.0/8");
        headers(at, "GET /", line);
        assertThat(at.origin.onlyRequest().rawHead())
                .doesNotContainIgnoringCase("evil")
                .doesNotContain("192.0.2.66");
    }

    @Test
    void fieldsOfTheConnectionAndThoseThatItNamesEndHere() {
        Scene at = start();
        RawHeaders headers = headers(
                at,
                "GET /",
                "Connection: close, X-Mine, host, content-length, x-forwarded-for, cookie",
                "X-Mine: 1",
                "X-Yours: 2",
                "Cookie: a=b",
                "TE: trailers, deflate");
        assertThat(headers.only("connection")).isEqualTo("TE");
        assertThat(headers.has("x-mine")).isFalse();
        assertThat(headers.only("x-yours")).isEqualTo("2");
        assertThat(headers.only("cookie")).isEqualTo("a=b");
        assertThat(headers.only("host")).isEqualTo("gw.test");
        assertThat(headers.only("te")).isEqualTo("trailers");
        assertThat(headers.only("x-forwarded-for")).isEqualTo("127.0.0.1");
    }

    @Test
    void theHostCanBeTheOrigins() {
        Scene at = start("origin.host", "rewrite");
        RawHeaders headers = headers(at, "GET /");
        assertThat(headers.only("host")).isEqualTo(at.origin.authority());
        assertThat(headers.only("x-forwarded-host")).isEqualTo("gw.test");
    }

    @Test
    void whatIsSwitchedOffIsNotSaid() {
        Scene at = start("forward.x-forwarded", "false", "forward.forwarded", "false", "forward.via", "edge-7");
        RawHeaders headers = headers(at, "GET /", "X-Forwarded-For: 192.0.2.66", "Forwarded: for=192.0.2.66");
        assertThat(List.of("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded"))
                .noneMatch(headers::has);
        assertThat(headers.only("via")).startsWith("1.1 edge-7 (");
    }

    @Test
    void maxForwardsOfOptionsIsCountedAndEndsHere() {
        Scene at = start();
        assertThat(headers(at, "OPTIONS *", "Max-Forwards: 2").only("max-forwards"))
                .isEqualTo("1");
        assertThat(at.ask("OPTIONS *", "Max-Forwards: 0").status()).isEqualTo(204);
        assertThat(at.origin.requests()).hasSize(1);
    }

    @Test
    void trailersArePassedBothWays() {
        Scene at = start();
        at.origin.on("/trailers", Behaviours.chunkedWithTrailers(List.of("body"), "X-Sum: 1", "X-Count: 2"));
        try (var client = at.client()) {
            client.send(Scene.request("POST /trailers", "Transfer-Encoding: chunked", "TE: trailers", "Trailer: X-Up")
                    + "2\r\nhi\r\n0\r\nX-Up: 3\r\n\r\n");
            RawHeaders down = client.readResponse().trailers();
            assertThat(down.only("x-sum")).isEqualTo("1");
            assertThat(down.only("x-count")).isEqualTo("2");
        }
        assertThat(at.origin.onlyRequest().trailers().only("x-up")).isEqualTo("3");
    }
}
