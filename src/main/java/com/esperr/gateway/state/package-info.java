/**
 * State that outlives a request: rolling counts per key, values that replicas share and what counts once, as interfaces and their
 * implementations in memory and in a Redis. Everything here is bounded, keyed by hashes instead of what visitors sent, and given the time by
 * its caller. Starting points: {@code Windows}, {@code Replicated}, {@code Claims}, {@code RedisStore}.
 */
@NullMarked
package com.esperr.gateway.state;

import org.jspecify.annotations.NullMarked;
