/**
 * Decisions from Esper's runtime API: one question per request inside its deadline, at most one more try, and a breaker
 * that stops asking a service that does not answer. Starting points: {@code CloudSource}, {@code CloudQuestion},
 * {@code Breaker}.
 */
@NullMarked
package com.esperr.gateway.cloud;

import org.jspecify.annotations.NullMarked;
