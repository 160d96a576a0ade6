package com.esperr.gateway.policy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What came of each policy, by policy_id. Thread-safe. Counts outlive a reload; those of a policy that is in force no more
 * stay, so that no count ever falls. Beyond {@value #MAX_POLICIES} names the rest is counted together.
 */
public final class PolicyResults {
    /** The name under which the rest is counted. */
    public static final String OTHER = "other";

    private static final int MAX_POLICIES = 2000;

    private final Map<String, PolicyCounts> counts = new ConcurrentHashMap<>();

    /** The counts of a policy. */
    public PolicyCounts of(String policy) {
        PolicyCounts known = counts.get(policy);
        if (known != null) {
            return known;
        }
        String name = counts.size() < MAX_POLICIES ? policy : OTHER;
        return counts.computeIfAbsent(name, absent -> new PolicyCounts());
    }
}
