package com.esperr.gateway.boot;

import com.esperr.gateway.config.Problem;
import com.esperr.gateway.policy.LoadedPolicies;
import com.esperr.gateway.policy.PolicyLoader;
import com.esperr.gateway.policy.PolicySet;
import java.util.ArrayList;
import java.util.List;

/**
 * The policies that a configuration names, compiled, or what is wrong with them. Immutable.
 *
 * @param set the policies
 * @param problems everything that is wrong, by file and line
 * @param warnings what the operator should know although it is legal
 * @param tests how many tests of their own they have passed
 */
public record Policies(PolicySet set, List<Problem> problems, List<String> warnings, int tests) {
    /** Reads and compiles them; blocks on files. */
    public static Policies load(GatewayConfig config) {
        LoadedPolicies loaded = PolicyLoader.load(config.policies());
        PolicySet set = loaded.policies();
        List<Problem> problems = new ArrayList<>(loaded.problems());
        if (set.needsChallengeUrl() && config.challenge() == null) {
            problems.add(new Problem(
                    "policies",
                    "challenge.url",
                    "missing",
                    "a URL, because a mitigation of mode challenge names none of its own"));
        }
        return new Policies(set, problems, loaded.warnings(), loaded.tests());
    }

    /** Count and hash, for people. */
    public String summary() {
        return set.count() + (set.count() == 1 ? " policy (" : " policies (") + set.hash() + ")";
    }
}
