package com.esperr.gateway.policy;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What clauses ask of one field, for all of them together. Immutable.
 *
 * @param slot the field, and whether its case matters
 * @param equal the clauses for which it must be a certain text, by text
 * @param beginnings the clauses for which it must begin with a certain text, or null if there are none
 * @param endings likewise for its end; the texts are reversed
 * @param parts likewise for what it contains
 * @param there the clauses for which it must be there
 */
@SuppressWarnings("ArrayRecordComponent")
record FieldIndex(
        FieldSlot slot,
        Map<String, int[]> equal,
        @Nullable TextTrie<int[]> beginnings,
        @Nullable TextTrie<int[]> endings,
        @Nullable TextTrie<int[]> parts,
        int @Nullable [] there) {
    /** Adds the clauses that the field's value in the request makes possible. */
    void find(Inputs inputs, Candidates candidates) {
        String value = inputs.text(slot);
        if (value != null) {
            find(value, candidates);
        }
    }

    /** Adds the clauses that {@code value} of the field makes possible. */
    void find(String value, Consumer<int[]> candidates) {
        if (there != null) {
            candidates.accept(there);
        }
        int[] same = equal.isEmpty() ? null : equal.get(value);
        if (same != null) {
            candidates.accept(same);
        }
        if (beginnings != null) {
            beginnings.beginnings(value, candidates);
        }
        if (endings != null) {
            endings.endings(value, candidates);
        }
        if (parts != null) {
            parts.parts(value, candidates);
        }
    }
}
