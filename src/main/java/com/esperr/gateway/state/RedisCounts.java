package com.esperr.gateway.state;

import java.util.concurrent.atomic.LongAdder;

/** What happened between this process and Redis, counted. Thread-safe. */
public final class RedisCounts {
    private final LongAdder errors = new LongAdder();
    private final LongAdder timeouts = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder crowded = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final LongAdder losses = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder resyncs = new LongAdder();

    RedisCounts() {}

    /** Commands that Redis refused or that were lost with a connection. */
    public long errors() {
        return errors.sum();
    }

    /** Commands that were not answered in time. */
    public long timeouts() {
        return timeouts.sum();
    }

    /** Commands that were not sent because there was no connection. */
    public long refusals() {
        return refused.sum();
    }

    /** Commands that were not sent because too many were under way. */
    long crowded() {
        return crowded.sum();
    }

    /** Connections made. */
    public long connections() {
        return connections.sum();
    }

    /** Connections lost. */
    public long losses() {
        return losses.sum();
    }

    /** Writes for replicas that were given up because too many waited. */
    public long dropped() {
        return dropped.sum();
    }

    /** How often everything that replicas share was read anew. */
    public long resyncs() {
        return resyncs.sum();
    }

    void error() {
        errors.increment();
    }

    void timeout() {
        timeouts.increment();
    }

    void refused() {
        refused.increment();
    }

    void crowd() {
        crowded.increment();
    }

    void connected() {
        connections.increment();
    }

    void lost() {
        losses.increment();
    }

    void writeDropped() {
        dropped.increment();
    }

    void resynced() {
        resyncs.increment();
    }
}
