package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SitePoliciesTest {
    private final PolicyEngine usual = Sample.engine(PolicySet.EMPTY);
    private final PolicyEngine api = Sample.engine(PolicySet.EMPTY);
    private final SitePolicies engines = new SitePolicies(Map.of("default", usual, "api", api));

    @Test
    void whoPassedAChallengeIsCountedWithThePolicyThatOrderedIt() {
        engines.challengeSolved(SitePolicies.label("default", "door"));
        engines.challengeSolved(SitePolicies.label("api", "door"));
        engines.challengeSolved(SitePolicies.label("api", "door"));
        engines.challengeSolved("gone/door");
        assertThat(usual.results().of("door").challengesSolved()).isEqualTo(1);
        assertThat(api.results().of("door").challengesSolved()).isEqualTo(2);
    }

    @Test
    void someSetDecidesAboutSitesThatNameNone() {
        assertThatThrownBy(() -> new SitePolicies(Map.of("api", api))).hasMessageContaining("default");
    }
}
