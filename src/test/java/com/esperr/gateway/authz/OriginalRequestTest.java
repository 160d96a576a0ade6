package com.esperr.gateway.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.http1.RequestHeadReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginalRequestTest {
    private static final DecoderLimits LIMITS = new DecoderLimits(8192, 32768, 100, 1 << 20);

    private static RequestHead head(String... lines) {
        RequestHeadReader reader = new RequestHeadReader(LIMITS);
        RequestHead head = reader.read((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(head).as(() -> reader.fault().detail()).isNotNull();
        return head;
    }

    private static RequestHead original(Profile profile, String... lines) {
        return OriginalRequest.of(head(lines), new AuthzConfig(profile, "/authz"), LIMITS);
    }

    private static FailureReason refusal(Profile profile, String... lines) {
        return catchThrowableOfType(FailureException.class, () -> original(profile, lines))
                .reason();
    }

    @Test
    void nginxSaysItInItsOwnFields() {
        RequestHead head = original(
                Profile.NGINX,
                "GET /authz HTTP/1.1",
                "Host: shop.test:8443",
                "X-Original-Method: POST",
                "X-Original-URI: /a%20b?c=%2F",
                "X-Forwarded-For: 192.0.2.7",
                "Cookie: a=1");
        assertThat(head.method()).isEqualTo("POST");
        assertThat(head.target()).isEqualTo("/a%20b?c=%2F");
        assertThat(head.fields().toString())
                .isEqualTo("Host: shop.test:8443\r\nX-Forwarded-For: 192.0.2.7\r\nCookie: a=1\r\n");
        assertThat(head.hasBody()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"TRAEFIK", "CADDY", "HAPROXY"})
    void theOthersSayItInForwardedFields(Profile profile) {
        RequestHead head = original(
                profile,
                "GET /authz HTTP/1.1",
                "Host: esper:8082",
                "X-Forwarded-Method: DELETE",
                "X-Forwarded-Uri: /x?y",
                "X-Forwarded-Host: shop.test",
                "X-Forwarded-Proto: https",
                "User-Agent: Firefox");
        assertThat(head.method()).isEqualTo("DELETE");
        assertThat(head.target()).isEqualTo("/x?y");
        assertThat(head.fields().toString())
                .isEqualTo("Host: shop.test\r\nX-Forwarded-Proto: https\r\nUser-Agent: Firefox\r\n");
    }

    @Test
    void whatTheClientOfHaproxyWouldWriteItselfIsMissing() {
        RequestHead head = original(
                Profile.HAPROXY,
                "GET /authz HTTP/1.1",
                "Host: esper:8082",
                "X-Forwarded-Method: GET",
                "X-Forwarded-Uri: /",
                "X-Forwarded-Host: shop.test",
                "User-Agent:",
                "Accept: ");
        assertThat(head.fields().toString()).isEqualTo("Host: shop.test\r\n");
    }

    @Test
    void envoySendsTheRequestItselfBelowAPrefix() {
        RequestHead head = original(Profile.ENVOY, "PUT /authz/a/b?c HTTP/1.1", "Host: shop.test", "Content-Length: 0");
        assertThat(head.method()).isEqualTo("PUT");
        assertThat(head.target()).isEqualTo("/a/b?c");
        assertThat(head.fields().toString()).isEqualTo("Host: shop.test\r\n");
    }

    @Test
    void whatTheProfileDoesNotNameIsNotBelieved() {
        RequestHead head = original(
                Profile.TRAEFIK,
                "GET /authz HTTP/1.1",
                "Host: esper",
                "X-Forwarded-Method: GET",
                "X-Forwarded-Uri: /real",
                "X-Forwarded-Host: shop.test",
                "X-Original-Method: OPTIONS",
                "X-Original-URI: /public",
                "X-Original-URL: /public",
                "Max-Forwards: 0",
                "Upgrade: websocket",
                "Esper-Decision: allow",
                "X-Esper-Hybrid-Key: somebody",
                "X-ESPER-API-KEY: key");
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.target()).isEqualTo("/real");
        assertThat(head.fields().toString()).isEqualTo("Host: shop.test\r\n");
    }

    @Test
    void aRequestThatIsNotNamedOnceIsNone() {
        assertThat(refusal(Profile.NGINX, "GET /authz HTTP/1.1", "Host: a", "X-Original-Method: GET"))
                .isEqualTo(FailureReason.MALFORMED_ENQUIRY);
        assertThat(refusal(
                        Profile.CADDY,
                        "GET /authz HTTP/1.1",
                        "Host: a",
                        "X-Forwarded-Method: GET",
                        "X-Forwarded-Host: a",
                        "X-Forwarded-Uri: /",
                        "X-Forwarded-Uri: /other"))
                .isEqualTo(FailureReason.MALFORMED_ENQUIRY);
        assertThat(refusal(
                        Profile.TRAEFIK,
                        "GET /authz HTTP/1.1",
                        "Host: a",
                        "X-Forwarded-Method: GET",
                        "X-Forwarded-Uri: /"))
                .isEqualTo(FailureReason.MALFORMED_ENQUIRY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a HTTP/1.1", "", "a b", "/a\tb", "/a\u0001"})
    void aTargetIsAsStrictAsInTheRequestLine(String target) {
        RequestHeadReader reader = new RequestHeadReader(LIMITS);
        String text =
                "GET /authz HTTP/1.1\r\nHost: a\r\nX-Original-Method: GET\r\nX-Original-URI: " + target + "\r\n\r\n";
        RequestHead head = reader.read(text.getBytes(StandardCharsets.ISO_8859_1));
        if (head != null) {
            FailureException refused = catchThrowableOfType(
                    FailureException.class,
                    () -> OriginalRequest.of(head, new AuthzConfig(Profile.NGINX, "/authz"), LIMITS));
            assertThat(refused).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT", "GE T", "G(T"})
    void aMethodIsAsStrictAsInTheRequestLine(String method) {
        assertThat(refusal(
                        Profile.NGINX,
                        "GET /authz HTTP/1.1",
                        "Host: a",
                        "X-Original-Method: " + method,
                        "X-Original-URI: /"))
                .isNotNull();
    }
}
