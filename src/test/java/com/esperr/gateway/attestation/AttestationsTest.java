package com.esperr.gateway.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class AttestationsTest {
    private static final String KEY = "0f".repeat(32);
    private static final Decision ALLOW = new Decision.Allow(Cause.DEFAULT);

    private final Attestations attestations = with(KEY, "client_ip", "user_agent");

    private static Attestations with(String key, String... entity) {
        AttestationConfig config = new AttestationConfig(
                AttestationKey.parse(key),
                Duration.ofSeconds(30),
                List.of(entity).stream().map(FieldReference::parse).toList());
        Attestations made = Attestations.of(config, 64, () -> Requests.NOW);
        if (made == null) {
            throw new AssertionError("off");
        }
        return made;
    }

    private static Map<String, String> claims(String value) {
        Map<String, String> claims = new LinkedHashMap<>();
        for (String pair : value.substring("v1;".length()).split(";")) {
            claims.put(pair.substring(0, 1), pair.substring(2));
        }
        return claims;
    }

    private static String mac(String value, String method, String host, String target) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(HexFormat.of().parseHex(KEY), "HmacSHA256"));
        String signed = value.substring(0, value.indexOf(";m=")) + "\n" + method + "\n" + host + "\n" + target;
        byte[] digest = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    @Test
    void itIsSignedTogetherWithMethodHostAndTarget() throws Exception {
        String value = attestations.of(Requests.get("/a?b=%2f").context(), ALLOW, "Shop.Test:8080");
        assertThat(claims(value).get("m")).isEqualTo(mac(value, "GET", "shop.test:8080", "/a?b=%2f"));
    }

    @Test
    void itSaysWhatWasDecidedAndForHowLong() {
        RequestContext request = Requests.get("/").with("User-Agent", "curl").context();
        request.passLevel(2);
        Map<String, String> claims = claims(attestations.of(request, ALLOW, "shop.test"));
        assertThat(claims).containsOnlyKeys("k", "x", "r", "n", "d", "s", "l", "e", "m");
        assertThat(claims)
                .containsEntry("k", AttestationKey.parse(KEY).id())
                .containsEntry("x", Long.toString(Requests.NOW / 1000 + 30))
                .containsEntry("r", request.reference())
                .containsEntry("d", "allow")
                .containsEntry("s", "default")
                .containsEntry("l", "2");
    }

    @Test
    void aFailureAndADecisionThatIsNotEnforcedAreTold() {
        Decision open = new Decision.Allow(Cause.failed(FailureReason.DECISION_TIMEOUT, null));
        assertThat(claims(attestations.of(Requests.get("/").context(), open, "shop.test")))
                .containsEntry("d", "allow")
                .containsEntry("s", "failure")
                .containsEntry("f", FailureReason.DECISION_TIMEOUT.label());
        Decision block = new Decision.Block(Cause.of("local"));
        assertThat(claims(attestations.of(Requests.get("/").context(), block, "shop.test")))
                .containsEntry("d", "block")
                .doesNotContainKey("f");
    }

    @Test
    void aVisitorIsKnownAgainByItsEntityAndByNothingElse() {
        RequestContext visitor = Requests.get("/").with("User-Agent", "a").context();
        RequestContext again = Requests.get("/b").with("User-Agent", "a").context();
        RequestContext other = Requests.get("/").with("User-Agent", "b").context();
        assertThat(entity(attestations, visitor))
                .matches("[0-9a-f]{16}")
                .isEqualTo(entity(attestations, again))
                .isNotEqualTo(entity(attestations, other))
                .isNotEqualTo(entity(with("1e".repeat(32), "client_ip", "user_agent"), visitor));
        RequestContext neighbour = Requests.get("/").from("2001:db8::1").context();
        assertThat(entity(attestations, neighbour))
                .isEqualTo(entity(
                        attestations, Requests.get("/").from("2001:db8::2").context()));
        assertThat(claims(with(KEY).of(visitor, ALLOW, "shop.test"))).doesNotContainKey("e");
    }

    private static String entity(Attestations attestations, RequestContext request) {
        return claims(attestations.of(request, ALLOW, "shop.test")).get("e");
    }

    @Test
    void aSecondAttemptIsNoReplayOfTheFirst() {
        RequestContext request = Requests.get("/").context();
        assertThat(attestations.of(request, ALLOW, "shop.test"))
                .isNotEqualTo(attestations.of(request, ALLOW, "shop.test"));
    }

    @Test
    void theLineIsShort() {
        Decision open = new Decision.Allow(Cause.failed(FailureReason.DECISION_UNAUTHORIZED, null));
        for (String target : List.of("/", "/" + "a".repeat(20_000), "/")) {
            String value = attestations.of(Requests.get(target).context(), open, "shop.test");
            assertThat(Attestations.FIELD + ": " + value).hasSizeLessThanOrEqualTo(200);
        }
    }

    @Test
    void aKeyIsLongAndNeverShown() {
        assertThatThrownBy(() -> AttestationKey.parse("0f".repeat(31))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AttestationKey.parse("0f".repeat(129))).isInstanceOf(IllegalArgumentException.class);
        assertThat(AttestationKey.parse(KEY + "\n").toString()).doesNotContain("0f0f");
    }
}
