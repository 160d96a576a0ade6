package com.esperr.gateway.boot;

import com.esperr.gateway.config.Problem;
import com.esperr.gateway.policy.LoadedPolicies;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.policy.PolicyLoader;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.server.ServerConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The policies of every tenant of the service, compiled, or what is wrong with them. Immutable.
 *
 * @param sets by tenant
 * @param problems everything that is wrong, by file and line
 * @param warnings what the operator should know although it is legal
 * @param tests how many tests of their own they have passed
 */
public record TenantPolicies(Map<String, PolicySet> sets, List<Problem> problems, List<String> warnings, int tests) {
    /** Reads and compiles them; blocks on files. */
    public static TenantPolicies load(GatewayConfig config) {
        Map<String, PolicySet> sets = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        int tests = 0;
        for (ServerConfig.TenantConfig tenant : config.server().tenants()) {
            LoadedPolicies loaded = PolicyLoader.load(files(config, tenant));
            sets.put(tenant.id(), loaded.policies());
            problems.addAll(loaded.problems());
            if (loaded.policies().needsChallengeUrl()
                    && tenant.returnHosts().names().isEmpty()) {
                problems.add(
                        new Problem(
                                "policies",
                                "server.tenants: " + tenant.id() + ": return-hosts",
                                "[]",
                                "the host names of its sites, because a policy challenges; \"*\" for whatever host is asked for"));
            }
            warnings.addAll(loaded.warnings());
            tests += loaded.tests();
        }
        return new TenantPolicies(sets, List.copyOf(problems), List.copyOf(warnings), tests);
    }

    /** The section {@code policies} with the files of one tenant. */
    static PolicyConfig files(GatewayConfig config, ServerConfig.TenantConfig tenant) {
        return config.policies().of(tenant.policies());
    }
}
