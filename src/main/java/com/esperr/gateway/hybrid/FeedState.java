package com.esperr.gateway.hybrid;

/** How one feed is doing, for metrics. Thread-safe; every answer is as of now. */
public final class FeedState {
    private final MitigationFeed feed;
    private final FeedSink sink;

    FeedState(MitigationFeed feed, FeedSink sink) {
        this.feed = feed;
        this.sink = sink;
    }

    /** Its label. */
    public String name() {
        return feed.name();
    }

    /** Seconds since it told anything, from the start if it never has. */
    public double ageSeconds() {
        return sink.silentNanos() / 1e9;
    }

    /** Whether what is told there arrives here at once. */
    public boolean connected() {
        return feed.connected();
    }

    /** Mitigations remembered of those it told, roughly. */
    public long entries() {
        return sink.entries();
    }

    /** How often it told everything anew. */
    public long resyncs() {
        return feed.resyncs();
    }
}
