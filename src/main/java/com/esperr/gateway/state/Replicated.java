package com.esperr.gateway.state;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A bounded map of values that expire, the same in every replica. Thread-safe; called on event loops and never blocks one:
 * reading is a look-up in this process, and what is written is seen here at once and elsewhere as soon as the store that
 * replicas share can be reached.
 *
 * <p>Rules of all implementations: of two writes to one key the later wins; a value is never found at or after its
 * expiry; the least used are dropped first when there are too many, and counted. What is written while the shared store is
 * away is kept here and handed on when it is back, unless it has expired by then.
 *
 * @param <V> immutable values
 */
public interface Replicated<V> extends AutoCloseable {
    /** The value of {@code key} at {@code nowMillis} (epoch), or null. */
    @Nullable
    V find(StateKey key, long nowMillis);

    /** Keeps {@code value} until {@code expiresAtMillis} (epoch), instead of what was kept before. */
    void put(StateKey key, V value, long expiresAtMillis);

    /** Forgets {@code key}. */
    void remove(StateKey key);

    /** Calls {@code each} with what is kept here, in no order; some of it may just have expired. */
    void forEach(BiConsumer<StateKey, Kept<V>> each);

    /**
     * Tells {@code follower} of every change from now on, whichever replica made it. Together with a later {@link #forEach}
     * nothing is missed; a change may be in both.
     *
     * @return ends it when closed
     */
    AutoCloseable follow(Follower<V> follower);

    /** How many are kept here, roughly. */
    long size();

    /** How many were dropped before they expired, because there were too many. */
    long evictions();

    /** How many are kept here of those that may be, as what {@code what} says. */
    Fill fill(Bounded what);

    /** Null if replicas hear of each other, else one sentence on what is wrong, for readiness. */
    @Nullable
    String trouble();

    /** Lets go of the shared store; what is kept here can still be read. */
    @Override
    void close();

    /** A value and until when it is kept, epoch milliseconds. */
    record Kept<V>(V value, long expiresAtMillis) {}

    /** Hears of changes. Thread-safe, never blocks; for one key it is told in the order of the changes. Expiry is no change. */
    interface Follower<V> {
        /** {@code key} has this value now. */
        void put(StateKey key, V value, long expiresAtMillis);

        /** {@code key} has no value any more. */
        void removed(StateKey key);
    }
}
