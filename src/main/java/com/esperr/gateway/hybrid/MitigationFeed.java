package com.esperr.gateway.hybrid;

import org.jspecify.annotations.Nullable;

/**
 * Where mitigations come from: learned from answers, pushed by a server, or shared between gateways. Thread-safe. A feed
 * tells on threads of its own choosing, event loops included; it reconnects by itself.
 */
public interface MitigationFeed extends AutoCloseable {
    /** The label in logs, metrics and the snapshot, e.g. {@code pushed}; different from those of the other feeds. */
    String name();

    /**
     * Whether the feed calls {@link MitigationSink#heard} every few seconds as long as it works, so that silence means that
     * something is wrong. The silence of one that does not, such as what is learned from answers, may mean that nobody came; it
     * counts only if there is no other feed.
     */
    boolean steady();

    /**
     * Begins to tell {@code sink}; called once, on the thread that composes, and returns at once.
     *
     * @param keys under which what is told is remembered
     */
    void start(MitigationSink sink, MitigationKeys keys);

    /**
     * This gateway has learned something from Esper itself, which a feed may pass on to others; called on event loops, never
     * blocks.
     *
     * @param mitigation what is to be done, or null if nothing is any more
     */
    void learned(MitigationKey key, @Nullable Mitigation mitigation);

    /** Null if the feed works, that is, is connected and up to date; else one sentence on what is wrong, for readiness. */
    @Nullable
    String trouble();

    /** Ends the feed; nothing is told afterwards. */
    @Override
    void close();
}
