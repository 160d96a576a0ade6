package com.esperr.gateway.policy;

import java.util.List;

/**
 * All enabled policies, compiled, in the order in which they are asked. Immutable; one set is replaced by another as a
 * whole.
 */
public final class PolicySet {
    /** No policies. */
    public static final PolicySet EMPTY = new PolicySet(List.of(), 0, List.of());

    private final Policy[] policies;
    private final int slots;
    private final List<String> ids;
    private final String hash;
    private final boolean needsChallengeUrl;

    /**
     * A set.
     *
     * @param policies in order
     * @param slots how many different fields they read
     * @param canonical the canonical text of each
     */
    PolicySet(List<Policy> policies, int slots, List<String> canonical) {
        // A policy whose clauses are all switched off counts, but is not asked.
        this.policies =
                policies.stream().filter(policy -> policy.clauses().length > 0).toArray(Policy[]::new);
        this.slots = slots;
        this.ids = policies.stream().map(Policy::id).toList();
        this.hash = ContentHash.of(canonical);
        this.needsChallengeUrl = policies.stream()
                .flatMap(policy -> List.of(policy.clauses()).stream())
                .anyMatch(clause -> clause.mode() == Mode.CHALLENGE && clause.target() == null);
    }

    /** How many policies are enabled. */
    public int count() {
        return ids.size();
    }

    /** The {@code policy_id} of each enabled policy, in order. */
    public List<String> ids() {
        return ids;
    }

    /**
     * Twelve hexadecimal digits that stand for what is in force: the same for files that mean the same, whatever their
     * names, comments, formats and spellings.
     */
    public String hash() {
        return hash;
    }

    /** Whether a clause sends visitors to {@code challenge.url}, which must then be set. */
    public boolean needsChallengeUrl() {
        return needsChallengeUrl;
    }

    /** In order; shared, not to be modified. */
    Policy[] policies() {
        return policies;
    }

    /** How many different fields the policies read. */
    int slots() {
        return slots;
    }

    @Override
    public String toString() {
        return ids.size() + " policies, hash " + hash;
    }
}
