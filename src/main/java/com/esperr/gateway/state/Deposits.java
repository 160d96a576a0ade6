package com.esperr.gateway.state;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that are laid down for a while and taken away once. Thread-safe; called on event loops and never blocks one, so an
 * implementation that has to ask over the network answers later, on the loop that asked.
 *
 * <p>Rules of all implementations: of any number who take one deposit, wherever, one gets it; nobody gets it at or after its end.
 */
public interface Deposits {
    /**
     * Lays down {@code value}.
     *
     * @param key under which it can be taken; not guessable
     * @param value not to be changed any more
     * @param millis how long it lies there, at least 1
     * @param sink told the outcome, possibly before this call returns
     */
    void put(StateKey key, byte[] value, long millis, DepositSink sink);

    /** Takes away what lies under {@code key}. */
    void take(StateKey key, WithdrawalSink sink);

    /** Null if deposits can be made now, else one sentence on what is wrong, for readiness. */
    @Nullable
    String trouble();
}
