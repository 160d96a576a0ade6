package com.esperr.gateway.policy;

import org.jspecify.annotations.Nullable;

/**
 * One policy, compiled: its clauses are asked in order if the scope fits. Immutable.
 *
 * @param id the policy_id
 * @param clauses shared, not to be modified
 * @param scoring how points are weighed, or null if each clause says itself what is done
 */
@SuppressWarnings("ArrayRecordComponent")
record Policy(
        String id,
        Condition scope,
        Clause[] clauses,
        @Nullable Scoring scoring) {}
