package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.policy.ActiveMitigation.By;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActiveMitigationTest {
    private static final Map<String, String> VISITOR = new LinkedHashMap<>();

    static {
        VISITOR.put("user_agent", "curl/8 \"ünïcode\" \u2028 日本");
        VISITOR.put("client_ip", "198.51.100.23");
    }

    private static ActiveMitigation challenge() {
        return new ActiveMitigation(
                "shop",
                "ip-user-agent",
                VISITOR,
                Action.CHALLENGE,
                "own",
                "p",
                "burst",
                "too often",
                "7XQ",
                1_780_000_000_000L,
                By.POLICY,
                ChallengeUrl.parse("/c?r={return_url}"));
    }

    @Test
    void itIsReadAsItWasWritten() {
        assertThat(ActiveMitigation.parse(challenge().json())).isEqualTo(challenge());
        assertThat(ActiveMitigation.parse(challenge().json()).values().keySet())
                .containsExactly("user_agent", "client_ip");
        ActiveMitigation bare = new ActiveMitigation(
                "default", "e", Map.of(), Action.BLOCK, "block", null, null, null, "m-1", 0, By.MANUAL, null);
        assertThat(ActiveMitigation.parse(bare.json())).isEqualTo(bare);
        assertThat(bare.json()).doesNotContain("null", "policy\":");
    }

    @Test
    void membersOfLaterVersionsAreSkipped() {
        String more = challenge().json().replaceFirst("\\{", "{\"new\":{\"a\":[1,{\"b\":2}]},\"newer\":7,");
        assertThat(ActiveMitigation.parse(more)).isEqualTo(challenge());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{}", "null", "{\"tenant\":\"a\",\"entity\":\"e\",\"decision\":\"dance\"}"})
    void whatIsNoMitigationIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ActiveMitigation.parse(text));
    }

    @Test
    void valuesAreCutWithoutTearingACharacterApart() {
        String value = "a".repeat(ActiveMitigation.MAX_VALUE - 1) + "😀 and more";
        ActiveMitigation mitigation = new ActiveMitigation(
                "default",
                "e",
                Map.of("user_agent", value),
                Action.BLOCK,
                "block",
                null,
                null,
                null,
                "m",
                0,
                By.MANUAL,
                null);
        assertThat(mitigation.values()).containsEntry("user_agent", "a".repeat(ActiveMitigation.MAX_VALUE - 1));
    }

    @Test
    void anAllowanceIsNoMitigation() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ActiveMitigation(
                        "default", "e", Map.of(), Action.ALLOW, "a", null, null, null, "m", 0, By.MANUAL, null))
                .withMessageContaining("expected: challenge or block");
    }
}
