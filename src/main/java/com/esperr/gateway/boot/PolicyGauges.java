package com.esperr.gateway.boot;

import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the embedded engines together, while they decide: whether they do may change with the configuration. Confined to whoever
 * holds the lock of {@link PolicyReload}; what it shows is read on the scraping thread.
 */
final class PolicyGauges {
    private final Metrics metrics;
    private @Nullable Shown shown;
    private boolean known;

    PolicyGauges(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Those that decide from now on are {@code now}, or policies decide nothing. */
    void follow(@Nullable SitePolicies now) {
        Shown before = shown;
        if (now == null) {
            shown = null;
            metrics.forget(MeterName.POLICIES);
            metrics.forget(MeterName.MITIGATIONS);
        } else if (before == null) {
            begin(new Shown(now));
        } else {
            before.now = now;
        }
    }

    private void begin(Shown next) {
        shown = next;
        metrics.gauge(
                MeterName.POLICIES, () -> next.sum(engine -> engine.policies().count()));
        metrics.gauge(
                MeterName.MITIGATIONS,
                () -> next.now.usual().mitigationCount() + next.sum(PolicyEngine::mitigationsBeside));
        metrics.counter(MeterName.CONDITION_ERRORS, () -> next.now.conditionErrors());
        if (!known) {
            known = true;
            // The number of the store, which stays whoever asks it.
            metrics.counter(
                    MeterName.MITIGATIONS_DROPPED, () -> next.now.usual().mitigationsDropped());
        }
    }

    /** Engines of which each takes over what the one before has counted, as long as policies decide. */
    private static final class Shown {
        private volatile SitePolicies now;

        Shown(SitePolicies now) {
            this.now = now;
        }

        long sum(ToLongFunction<PolicyEngine> number) {
            return now.all().stream().mapToLong(number).sum();
        }
    }
}
