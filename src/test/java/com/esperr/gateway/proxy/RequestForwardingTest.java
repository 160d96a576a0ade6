package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.attestation.AttestationConfig;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.Passages;
import com.esperr.gateway.request.Requests;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestForwardingTest {
    private static final String GW = Passages.told("gw");

    private static final Decision ALLOW = new Decision.Allow(Cause.DEFAULT);
    private static final ForwardConfig SILENT =
            new ForwardConfig(false, false, false, false, AttestationConfig.OFF, "gw");

    private static String written(ForwardConfig config, boolean rewriteHost, Requests request, Decision decision) {
        ByteBuf out = Unpooled.buffer();
        new RequestForwarding(config, "x-client-address", null)
                .write(
                        out,
                        request.context(),
                        decision,
                        new RequestForwarding.Destination("origin.test:3000", rewriteHost, null));
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void linesPassInTheirOrderAndSpelling() {
        Requests request = Requests.get("/a?b=%2f&c")
                .with("ACCEPT", "*/*")
                .with("x-Mine", "1")
                .with("Cookie", "a=b");
        assertThat(written(SILENT, false, request, ALLOW))
                .isEqualTo("GET /a?b=%2f&c HTTP/1.1\r\nHost: shop.test\r\nACCEPT: */*\r\nx-Mine: 1\r\nCookie: a=b\r\n"
                        + "Via: 1.1 " + GW + "\r\n\r\n");
    }

    @Test
    void theOriginIsToldAboutTheVisitor() {
        assertThat(written(
                        new ForwardConfig(true, true, false, false, AttestationConfig.OFF, "gw"),
                        false,
                        Requests.get("/"),
                        ALLOW))
                .isEqualTo("GET / HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-For: 198.51.100.23\r\n"
                        + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.test\r\n"
                        + "Forwarded: for=198.51.100.23;host=shop.test;proto=https\r\nVia: 1.1 " + GW + "\r\n\r\n");
    }

    @Test
    void anIpv6VisitorIsQuotedWhereTheGrammarAsksForIt() {
        assertThat(written(
                        new ForwardConfig(true, true, false, false, AttestationConfig.OFF, "gw"),
                        false,
                        Requests.get("/").from("2001:db8::1"),
                        ALLOW))
                .contains("X-Forwarded-For: 2001:db8::1\r\n")
                .contains("Forwarded: for=\"[2001:db8::1]\";");
    }

    @Test
    void aHostIsWrittenWhereThereIsNoneOrAnother() {
        assertThat(written(SILENT, false, Requests.hostless("GET", "/"), ALLOW))
                .isEqualTo("GET / HTTP/1.1\r\nHost: origin.test:3000\r\nVia: 1.1 " + GW + "\r\n\r\n");
        assertThat(written(SILENT, true, Requests.get("/"), ALLOW))
                .isEqualTo("GET / HTTP/1.1\r\nHost: origin.test:3000\r\nVia: 1.1 " + GW + "\r\n\r\n");
    }

    @Test
    void aFailOpenIsToldToTheOriginAndCannotBeForged() {
        Decision open = new Decision.Allow(Cause.failed(FailureReason.DECISION_TIMEOUT, null));
        Requests request = Requests.get("/").with("Esper-Decision", "allow").with("esper_decision", "allow");
        assertThat(written(SILENT, false, request, open))
                .containsOnlyOnce("esper-decision: fail-open; reason=decision_timeout\r\n")
                .doesNotContain("allow");
        assertThat(written(SILENT, false, request, ALLOW)).doesNotContainIgnoringCase("decision");
    }

    @Test
    void theHeaderThatNamesTheVisitorIsNobodysButAProxys() {
        Requests forged = Requests.get("/")
                .with("X-Client-Address", "192.0.2.66")
                .with("x-CLIENT-address", "192.0.2.67")
                .with("X_Client_Address", "192.0.2.68")
                .with("Connection", "x-client-address");
        assertThat(written(SILENT, false, forged, ALLOW)).doesNotContain("192.0.2.6");
        Requests proxied = Requests.get("/")
                .with("X-Client-Address", "192.0.2.66")
                .with("X_Client_Address", "192.0.2.68")
                .from("127.0.0.1");
        assertThat(written(SILENT, false, proxied, ALLOW))
                .contains("X-Client-Address: 192.0.2.66\r\n")
                .doesNotContain("192.0.2.68");
    }

    @Test
    void aWishForTrailersIsMarkedAsMeantForTheOriginOnly() {
        Requests request = Requests.get("/").with("Connection", "TE").with("TE", "trailers, deflate;q=0.5");
        assertThat(written(SILENT, false, request, ALLOW))
                .isEqualTo("GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: TE\r\nTE: trailers\r\nVia: 1.1 " + GW
                        + "\r\n\r\n");
    }

    @Test
    void aGapAtTheEndsOfTheBlockCostsNoNeighbour() {
        Requests request = Requests.hostless("GET", "/")
                .with("Connection", "x-a, x-b")
                .with("X-A", "1")
                .with("Host", "shop.test")
                .with("Keep", "2")
                .with("X-B", "3");
        assertThat(written(SILENT, false, request, ALLOW))
                .isEqualTo("GET / HTTP/1.1\r\nHost: shop.test\r\nKeep: 2\r\nVia: 1.1 " + GW + "\r\n\r\n");
    }
}
