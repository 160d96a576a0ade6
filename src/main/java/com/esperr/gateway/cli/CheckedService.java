package com.esperr.gateway.cli;

import com.esperr.gateway.boot.CheckedTenants;
import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.boot.TenantPolicies;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of the decision service and the policies of its tenants, with everything that is wrong with either.
 * Immutable.
 *
 * @param loaded the configuration
 * @param policies the tenants' policies; null when the configuration does not even say where they are
 * @param problems what is wrong; if there are any, nothing may be run
 * @param warnings what is legal and may be a mistake
 */
record CheckedService(
        Loaded<GatewayConfig> loaded,
        @Nullable TenantPolicies policies,
        List<Problem> problems,
        List<String> warnings) {
    /** Reads both; blocks on files. */
    static CheckedService of(ConfigOptions options) {
        // A service has no origin, and what a gateway would ask it does not.
        Loaded<GatewayConfig> loaded =
                options.load(System.getenv(), Map.of("origin.url", "http://127.0.0.1:1"), Map.of("mode", "local"));
        CheckedTenants checked = CheckedTenants.of(loaded);
        return new CheckedService(loaded, checked.policies(), checked.problems(), checked.warnings());
    }

    /** What was found, for people: every tenant with its policies and how many tests were passed; null if something is wrong. */
    @Nullable
    String summary() {
        if (policies == null || !problems.isEmpty()) {
            return null;
        }
        String tenants = policies.sets().entrySet().stream()
                .map(tenant -> ", tenant " + tenant.getKey() + " with " + tenant.getValue())
                .collect(Collectors.joining());
        return "server" + tenants + CheckCommand.passed(policies.tests());
    }
}
