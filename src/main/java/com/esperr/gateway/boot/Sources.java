package com.esperr.gateway.boot;

import com.esperr.gateway.cloud.CloudSource;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.hybrid.HybridSource;
import com.esperr.gateway.policy.SitePolicies;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who decides. Immutable.
 *
 * @param chain in the order they are asked
 * @param local the embedded engines, or null
 * @param cloud Esper's runtime API, or null
 * @param hybrid what is remembered, or null
 */
record Sources(
        List<DecisionSource> chain,
        @Nullable SitePolicies local,
        @Nullable CloudSource cloud,
        @Nullable HybridSource hybrid) {
    static Sources of(SitePolicies local) {
        return new Sources(List.of(local), local, null, null);
    }

    static Sources of(CloudSource cloud) {
        return new Sources(List.of(cloud), null, cloud, null);
    }

    static Sources of(HybridSource hybrid) {
        return new Sources(List.of(hybrid), null, null, hybrid);
    }

    /** What is remembered, and Esper about everything else. */
    static Sources of(HybridSource hybrid, CloudSource cloud) {
        return new Sources(List.of(hybrid, hybrid.learningFrom(cloud)), null, cloud, hybrid);
    }

    /** How they are called, in that order. */
    List<String> names() {
        return chain.stream().map(DecisionSource::name).toList();
    }

    /** What is wrong with the one of that name, or null if nothing is, or if it is not asked now. */
    @Nullable
    String trouble(String name) {
        return chain.stream()
                .filter(source -> source.name().equals(name))
                .map(DecisionSource::trouble)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
