package com.esperr.gateway.policy;

/**
 * One policy, compiled: its clauses are asked in order if the scope fits. Immutable.
 *
 * @param clauses shared, not to be modified
 */
@SuppressWarnings("ArrayRecordComponent")
record Policy(Condition scope, Clause[] clauses) {}
