/**
 * One decision for one request: its values, the sources that can give one, the chain that asks them in order, and the
 * table that says what a failed question becomes. Starting points: {@code Decision}, {@code DecisionSource},
 * {@code DecisionChain}, {@code FailureTable}.
 */
@NullMarked
package com.esperr.gateway.decision;

import org.jspecify.annotations.NullMarked;
