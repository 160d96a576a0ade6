package com.esperr.gateway.policy;

import com.esperr.gateway.entity.EntityKeys;
import java.util.Arrays;
import java.util.Set;

/**
 * The policies in force in one engine, with what its tenant's seed makes of their entities. Immutable; replaced as a whole.
 *
 * @param set the policies
 * @param keys by the index of the entity; shared, not to be modified
 * @param asked the entities, by index, whose active mitigations are looked up; shared, not to be modified
 * @param counts by the place of the policy in the set; shared, not to be modified
 */
@SuppressWarnings("ArrayRecordComponent")
record InForce(PolicySet set, EntityKeys[] keys, int[] asked, PolicyCounts[] counts) {
    /**
     * The policies of {@code set} in an engine with these terms.
     *
     * @param mitigated names of entities of which somebody has an active mitigation
     */
    static InForce of(PolicySet set, PolicyEngine.Terms terms, PolicyResults results, Set<String> mitigated) {
        EntityRule[] entities = set.entities();
        EntityKeys[] keys = Arrays.stream(entities)
                .map(entity -> new EntityKeys(terms.seed(), terms.ipv6Prefix(), entity.name(), entity.fields()))
                .toArray(EntityKeys[]::new);
        int[] asked = Arrays.stream(entities)
                .filter(entity -> set.mitigates(entity) || mitigated.contains(entity.name()))
                .mapToInt(EntityRule::index)
                .toArray();
        PolicyCounts[] counts = Arrays.stream(set.policies())
                .map(policy -> results.of(policy.id()))
                .toArray(PolicyCounts[]::new);
        return new InForce(set, keys, asked, counts);
    }

    /** Whether active mitigations of that entity are looked up, or cannot be because it is not defined. */
    boolean asks(String entity) {
        EntityRule rule = set.entity(entity);
        return rule == null || Arrays.stream(asked).anyMatch(index -> index == rule.index());
    }
}
