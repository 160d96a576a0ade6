package com.esperr.gateway.hybrid;

import com.esperr.gateway.state.StateKey;

/** Takes what one feed tells. Thread-safe and never blocks. */
public interface MitigationSink {
    /**
     * Something is to be done with somebody from now on, instead of what was said before. What has expired already only
     * ends what was said before.
     */
    void put(StateKey key, Mitigation mitigation);

    /**
     * Nothing was to be done with somebody at {@code asOfMillis}, epoch milliseconds: ends what was told before then, while
     * what was told since stays, because an answer may arrive late.
     *
     * @return whether anything told before then was to be done
     */
    boolean remove(StateKey key, long asOfMillis);

    /** Nothing is to be done with somebody any more. */
    default void remove(StateKey key) {
        remove(key, Long.MAX_VALUE);
    }

    /**
     * Begins to tell everything anew. Nothing ends before {@link Replacement#done}, so that a snapshot that breaks off costs
     * nothing; what is put and removed meanwhile by the other methods is part of it. A second one takes the place of the
     * first.
     */
    Replacement replaceAll();

    /** The feed is alive, whether or not it had anything to tell. */
    void heard();

    /** Everything a feed knows, told piece by piece. */
    interface Replacement {
        /** As {@link MitigationSink#put}, at once. */
        void put(StateKey key, Mitigation mitigation);

        /** That was all: what this feed told before and has not told again ends soon. */
        void done();
    }
}
