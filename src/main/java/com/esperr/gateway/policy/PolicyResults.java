package com.esperr.gateway.policy;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
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
    private final LongAdder unnamed = new LongAdder();
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

    /** How many names are counted of those that may be; more are met once for each look-up. */
    public Fill fill() {
        return Fill.of(Bounded.POLICY_RESULTS, counts::size, MAX_POLICIES, unnamed::sum);
    }

    private synchronized PolicyCounts made(String policy) {
        String name = counts.size() < MAX_POLICIES ? policy : OTHER;
        if (!name.equals(policy)) {
            unnamed.increment();
        }
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
