package com.esperr.gateway.policy;

import java.util.List;
import java.util.Set;

/**
 * All enabled policies, compiled, in the order in which they are asked. Immutable; one set is replaced by another as a
 * whole.
 */
public final class PolicySet {
    /** No policies. */
    public static final PolicySet EMPTY = new PolicySet(List.of(), Facts.of(0), Set.of(), List.of());

    private final Policy[] policies;
    private final Facts facts;
    private final Set<String> bodyFields;
    private final List<String> ids;
    private final String hash;
    private final boolean needsChallengeUrl;

    /**
     * A set.
     *
     * @param policies in order
     * @param facts what their conditions need
     * @param bodyFields what they read of bodies
     * @param canonical the canonical text of each
     */
    PolicySet(List<Policy> policies, Facts facts, Set<String> bodyFields, List<String> canonical) {
        // A policy whose clauses are all switched off counts, but is not asked.
        this.policies =
                policies.stream().filter(policy -> policy.clauses().length > 0).toArray(Policy[]::new);
        this.facts = facts;
        this.bodyFields = bodyFields;
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

    /** What conditions read of bodies, {@code body[user->email]}; if there is nothing, no body has to be looked into. */
    public Set<String> bodyFields() {
        return bodyFields;
    }

    /** How many expressions could not be evaluated, and counted as not fulfilled. */
    public long conditionErrors() {
        return facts.errors().sum();
    }

    /** What conditions need besides the request. */
    Facts facts() {
        return facts;
    }

    @Override
    public String toString() {
        return ids.size() + " policies, hash " + hash;
    }
}
