package com.esperr.gateway.beacon;

import com.esperr.gateway.decision.Action;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What was counted of events on their way. Thread-safe. */
public final class BeaconCounts {
    private final LongAdder queued = new LongAdder();
    private final LongAdder spooled = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder deadLetters = new LongAdder();
    private final AtomicLongArray answers = new AtomicLongArray(Action.values().length + 1);
    private final AtomicLongArray dropped = new AtomicLongArray(DropReason.values().length);
    private volatile SpoolState spool = SpoolState.EMPTY;

    /** Events made of finished requests. */
    public long queued() {
        return queued.sum();
    }

    /** Events that were safe on disk, the ones found there at the start included. */
    public long spooled() {
        return spooled.sum();
    }

    /** Events that Esper has taken. */
    public long sent() {
        return sent.sum();
    }

    /** Calls that failed and whose events are sent again. */
    public long failures() {
        return failures.sum();
    }

    /** Events that Esper refused. */
    public long deadLetters() {
        return deadLetters.sum();
    }

    /** Events lost for {@code reason}. */
    public long dropped(DropReason reason) {
        return dropped.get(reason.ordinal());
    }

    /** Events that Esper has taken saying this about whoever caused them; null for what was not understood. */
    public long answers(@Nullable Action action) {
        return answers.get(place(action));
    }

    private static int place(@Nullable Action action) {
        return action == null ? Action.values().length : action.ordinal();
    }

    /** What is on disk, as of a moment ago. */
    public SpoolState spool() {
        return spool;
    }

    void addQueued() {
        queued.increment();
    }

    void addSpooled(long events) {
        spooled.add(events);
    }

    void addSent() {
        sent.increment();
    }

    void addFailure() {
        failures.increment();
    }

    void addAnswer(@Nullable Action action) {
        answers.incrementAndGet(place(action));
    }

    void addDeadLetter() {
        deadLetters.increment();
    }

    void addDropped(DropReason reason, long events) {
        dropped.addAndGet(reason.ordinal(), events);
    }

    void spool(SpoolState state) {
        spool = state;
    }

    /**
     * What is on disk. Immutable.
     *
     * @param events how many
     * @param bytes how many bytes of them
     * @param fileBytes how long the file is
     * @param oldestMillis when the oldest was spooled, epoch milliseconds, or -1 if there is none
     */
    public record SpoolState(long events, long bytes, long fileBytes, long oldestMillis) {
        static final SpoolState EMPTY = new SpoolState(0, 0, 0, -1);
    }
}
