package com.esperr.gateway.boot;

import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import java.util.ArrayList;
import java.util.List;
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
public record CheckedTenants(
        Loaded<GatewayConfig> loaded,
        @Nullable TenantPolicies policies,
        List<Problem> problems,
        List<String> warnings) {
    /** Reads the policies that {@code loaded} names, even if something else is wrong with it; blocks on files. */
    public static CheckedTenants of(Loaded<GatewayConfig> loaded) {
        List<Problem> problems = new ArrayList<>(loaded.problems());
        List<String> warnings = new ArrayList<>(loaded.warnings());
        TenantPolicies policies = null;
        GatewayConfig sketch = loaded.sketch();
        if (sketch != null) {
            problems.addAll(sketch.server().missing());
            policies = TenantPolicies.load(sketch);
            problems.addAll(policies.problems());
            warnings.addAll(policies.warnings());
        }
        return new CheckedTenants(
                loaded, policies, problems.stream().sorted().distinct().toList(), List.copyOf(warnings));
    }
}
