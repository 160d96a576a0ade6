package com.esperr.gateway.state;

import org.jspecify.annotations.Nullable;

/**
 * Rolling counts per key. Thread-safe; called on event loops and never blocks one, so an implementation that has to ask
 * over the network answers later, on the loop that asked.
 *
 * <p>Rules of all implementations: a hit at {@code now} counts the hits in {@code (now - length, now]} and itself. A hit
 * that is older than the window is never counted, so that no window fills early. A hit of the last 15/16 of the window (less
 * at most 15 ms) is always counted; up to a threshold of 64 every hit is. A clock that steps back by less than the window
 * stands still until it has caught up; one that steps back further begins the window anew.
 */
public interface Windows {
    /**
     * Counts one hit.
     *
     * @param key whose; one key is always used with one limit
     * @param nowMillis when the hit happened, epoch milliseconds
     * @param sink told the outcome, possibly before this call returns
     */
    void hit(StateKey key, WindowLimit limit, long nowMillis, WindowSink sink);

    /** Null if hits can be counted now, else one sentence on what is wrong, for readiness. */
    @Nullable
    String trouble();
}
