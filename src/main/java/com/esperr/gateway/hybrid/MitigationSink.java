package com.esperr.gateway.hybrid;

/** Takes what a feed tells. Thread-safe and never blocks. */
public interface MitigationSink {
    /** Something is to be done with somebody from now on, instead of what was said before. */
    void put(MitigationKey key, Mitigation mitigation);

    /** Nothing is to be done with somebody any more. */
    void remove(MitigationKey key);

    /** The feed is alive, whether or not it had anything to tell. */
    void heard();
}
