package com.esperr.gateway.policy;

/**
 * One policy, compiled: its clauses are asked in order if the scope fits. Immutable.
 *
 * @param id the policy_id
 * @param clauses shared, not to be modified
 */
@SuppressWarnings("ArrayRecordComponent")
record Policy(String id, Condition scope, Clause[] clauses) {}
