package com.esperr.gateway.authz;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.FrontProxy;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An application behind a proxy that asks the gateway, which asks Esper: agents called badbot are blocked, {@code /challenged} is
 * challenged unless the visitor has passed, proofs that begin with good count. Closing ends all of them.
 */
final class AuthzScene implements AutoCloseable {
    static final String KEY = "0f".repeat(32);
    static final String CHALLENGE = "https://challenge.test/page";

    private static final String GATEWAY = """
            mode = cloud
            listen.address = "127.0.0.1:0"
            listeners = [ { address = "127.0.0.1:0", authz.profile = %s } ]
            client.trusted-proxies = [loopback]
            challenge.allowed-hosts = [challenge.test]
            challenge.hosted.providers = [button]
            forward.attestation.key = "%s"
            routes = [ { path = "/account", tier = sensitive }, { path = "/held", tier = normal, require-level = 1 } ]
            """;

    /** Starts the proxy of the system, given the ports of gateway and application. */
    interface Starter {
        @Nullable
        FrontProxy start(int gateway, int application, Map<String, String> edits);
    }

    final TestEsper esper = TestEsper.start().answer(AuthzScene::decide).answerProof(AuthzScene::verify);
    final TestOrigin origin = TestOrigin.start();
    final TestGateway gateway;
    private final @Nullable FrontProxy proxy;

    /** One without a proxy: the test asks in its place. */
    static AuthzScene without(String profile) {
        return new AuthzScene(profile, (gateway, application, edits) -> null, Map.of());
    }

    AuthzScene(String profile, Starter starter, Map<String, String> edits) {
        gateway = TestGateway.start(
                GATEWAY.formatted(profile, KEY),
                Map.of(
                        "origin.url",
                        origin.url(),
                        "esper.api-url",
                        esper.url(),
                        "esper.api-key",
                        TestEsper.API_KEY,
                        "decision.timeout",
                        "10s"));
        try {
            proxy = starter.start(gateway.ports().get(1), origin.port(), edits);
        } catch (RuntimeException | Error failed) {
            gateway.close();
            throw failed;
        }
    }

    /** Sends a form to the proxy, as somebody with a browser, with these further lines. */
    RawResponse post(String target, String form, String... lines) {
        String[] more = Arrays.copyOf(lines, lines.length + 2);
        more[lines.length] = "Content-Type: application/x-www-form-urlencoded";
        more[lines.length + 1] = "Content-Length: " + form.length();
        try (RawClient client = RawClient.connect(port())) {
            return client.send(head("POST", target, more) + form).readResponse("POST");
        }
    }

    /** The signature that {@code attestation} has if it is about this request, as an origin works it out. */
    static String signature(String attestation, String method, String host, String target) {
        String signed = String.join("\n", attestation.replaceFirst(";m=.*", ""), method, host, target);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(HexFormat.of().parseHex(KEY), "HmacSHA256"));
            byte[] digest = mac.doFinal(signed.getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Switches maintenance on. */
    void maintain() {
        RawResponse done = RawClient.exchange(
                gateway.adminPort(),
                "POST /maintenance HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: ada\r\nContent-Length: 0\r\n\r\n");
        if (done.status() != 200) {
            throw new AssertionError("POST /maintenance: " + done.status());
        }
    }

    /** The port of the proxy. */
    int port() {
        return Objects.requireNonNull(proxy).port();
    }

    /** The port where a proxy asks. */
    int asked() {
        return gateway.ports().get(1);
    }

    private static EsperReply decide(JsonNode question) {
        if (question.at("/request/user_agent").asText().equals("badbot")) {
            return EsperReply.block("bad");
        }
        return question.at("/request/path").asText().startsWith("/challenged")
                ? EsperReply.challenge(CHALLENGE)
                : EsperReply.allow();
    }

    private static EsperReply verify(JsonNode question) {
        return EsperReply.json("{\"valid\":" + question.toString().contains("good") + "}");
    }

    /** Asks the proxy, as somebody with a browser, with these further lines. */
    RawResponse ask(String method, String target, String... lines) {
        return askFrom("127.0.0.1", method, target, lines);
    }

    /** The same from an address of this machine. */
    RawResponse askFrom(String from, String method, String target, String... lines) {
        try (RawClient client = RawClient.connectFrom(from, port())) {
            return client.send(head(method, target, lines)).readResponse(method);
        }
    }

    private static String head(String method, String target, String... lines) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: shop.test\r\n");
        for (String line : lines) {
            head.append(line).append("\r\n");
        }
        return head.append("Accept: text/html\r\nConnection: close\r\n\r\n").toString();
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
        gateway.close();
        origin.close();
        esper.close();
    }
}
