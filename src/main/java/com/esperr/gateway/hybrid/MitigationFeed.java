package com.esperr.gateway.hybrid;

import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.StateKey;
import java.util.List;
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
    void learned(StateKey key, @Nullable Mitigation mitigation);

    /**
     * The keys, besides those of {@link MitigationKeys}, under which this may have told of {@code request}'s visitor; called
     * on event loops, never blocks.
     */
    default List<StateKey> keys(RequestContext request) {
        return List.of();
    }

    /**
     * What is needed besides the mitigations to recognise visitors after a restart, or null; a short text that is kept in the
     * snapshot, and a secret.
     */
    default @Nullable String memo() {
        return null;
    }

    /** What {@link #memo} was before the restart; called before {@link #start}, if at all. */
    default void remember(String memo) {}

    /** Whether what is told here arrives at once. */
    default boolean connected() {
        return trouble() == null;
    }

    /** How often everything was told anew. */
    default long resyncs() {
        return 0;
    }

    /** Null if the feed works, that is, is connected and up to date; else one sentence on what is wrong, for readiness. */
    @Nullable
    String trouble();

    /** Ends the feed; nothing is told afterwards. */
    @Override
    void close();
}
