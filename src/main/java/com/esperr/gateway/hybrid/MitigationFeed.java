package com.esperr.gateway.hybrid;

import org.jspecify.annotations.Nullable;

/** Where mitigations come from: learned from answers, pushed by a server, or shared between gateways. Thread-safe. */
public interface MitigationFeed extends AutoCloseable {
    /** The label in logs and metrics, e.g. {@code learned}. */
    String name();

    /** Begins to tell {@code sink}; called once, on the thread that composes, and returns at once. */
    void start(MitigationSink sink);

    /** Null if the feed works, else one sentence on what is wrong, for readiness. */
    @Nullable
    String trouble();

    /** Ends the feed; nothing is told afterwards. */
    @Override
    void close();
}
