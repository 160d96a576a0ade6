package com.esperr.gateway.cli;

import com.esperr.gateway.boot.CheckedConfig;
import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.boot.Policies;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration and the policies it names, with everything that is wrong with either, so that an operator learns all of
 * it at once. Immutable.
 *
 * @param loaded the configuration
 * @param policies the policies; null when the configuration does not even say where they are
 * @param problems what is wrong; if there are any, nothing may be run
 * @param warnings what is legal and may be a mistake
 */
record Checked(
        Loaded<GatewayConfig> loaded, @Nullable Policies policies, List<Problem> problems, List<String> warnings) {
    /** Whether nothing is wrong. */
    boolean runnable() {
        return problems.isEmpty() && policies != null;
    }

    /** The policies of what is {@link #runnable}. */
    Policies policiesInForce() {
        if (policies == null) {
            throw new IllegalStateException("policies: not read (expected: a configuration that is in order)");
        }
        return policies;
    }

    /** Reads the policies that {@code loaded} names, even if something else is wrong with it; blocks on files. */
    static Checked of(Loaded<GatewayConfig> loaded) {
        CheckedConfig checked = CheckedConfig.of(loaded);
        List<String> warnings = new ArrayList<>(checked.warnings());
        if (loaded.isValid()) {
            warnings.addAll(Banner.warnings(loaded.value()));
        }
        Policies policies = checked.policies();
        if (checked.problems().isEmpty() && policies != null && Banner.lacksPolicies(loaded.value(), policies)) {
            warnings.add(Banner.NO_POLICIES);
        }
        return new Checked(loaded, policies, checked.problems(), List.copyOf(warnings));
    }
}
