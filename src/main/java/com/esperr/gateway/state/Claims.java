package com.esperr.gateway.state;

import org.jspecify.annotations.Nullable;

/**
 * Things that count once: whoever claims one first has it. Thread-safe; called on event loops and never blocks one, so an
 * implementation that has to ask over the network answers later, on the loop that asked.
 *
 * <p>Rules of all implementations: of any number of holders who claim one key, wherever and in whatever order, exactly one is
 * told {@link Claimed#FRESH} while the claim lives; the same holder may come again. A claim that was not answered may have been made.
 */
public interface Claims {
    /**
     * Claims {@code key}.
     *
     * @param key what; what it is made of must not be guessable, or belongs to those who share the store only
     * @param holder for whom
     * @param millis how long the claim lives, at least 1
     * @param sink told the outcome, possibly before this call returns
     */
    void claim(StateKey key, StateKey holder, long millis, ClaimSink sink);

    /** Null if claims can be made now, else one sentence on what is wrong, for readiness. */
    @Nullable
    String trouble();
}
