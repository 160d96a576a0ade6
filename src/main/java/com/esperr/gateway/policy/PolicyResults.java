package com.esperr.gateway.policy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * What came of each policy, by policy_id. Thread-safe. Counts outlive a reload; those of a policy that is in force no more
 * stay, so that no count ever falls. Beyond {@value #MAX_POLICIES} names the rest is counted together.
 */
public final class PolicyResults {
    /** The name under which the rest is counted. */
    public static final String OTHER = "other";

    private static final int MAX_POLICIES = 1000;

    private final Map<String, PolicyCounts> counts = new ConcurrentHashMap<>();
    private final List<BiConsumer<String, PolicyCounts>> followers = new CopyOnWriteArrayList<>();

    /** The counts of a policy. */
    public PolicyCounts of(String policy) {
        PolicyCounts known = counts.get(policy);
        return known == null ? made(policy) : known;
    }

    /** Tells {@code newcomer} of every policy that is counted, now and later, each once; it must not block. */
    public synchronized void follow(BiConsumer<String, PolicyCounts> newcomer) {
        followers.add(newcomer);
        counts.forEach(newcomer);
    }

    private synchronized PolicyCounts made(String policy) {
        String name = counts.size() < MAX_POLICIES ? policy : OTHER;
        PolicyCounts known = counts.get(name);
        if (known != null) {
            return known;
        }
        PolicyCounts made = new PolicyCounts();
        counts.put(name, made);
        followers.forEach(follower -> follower.accept(name, made));
        return made;
    }
}
