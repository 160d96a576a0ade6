package com.esperr.gateway.upstream;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an application that this process itself runs is there, as whoever runs it says; requests for one that is to come back
 * are held meanwhile, in {@link WaitingRoom}s. Thread-safe.
 */
public final class Presence {
    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

    private static final AtomicReferenceFieldUpdater<Presence, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Presence.class, State.class, "state");

    private final Patience patience;
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private final AtomicInteger held = new AtomicInteger();
    private final LongAdder waits = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private volatile State state = State.COMING;

    /** Of an application that is still to come, whose requests wait as {@code patience} says. */
    public Presence(Patience patience) {
        this.patience = patience;
    }

    /** How it is about the application. */
    public enum State {
        /** It is being started, or will be again: requests wait. */
        COMING,
        /** It takes requests; one for which it cannot be connected to waits, because its end is noticed later than by who calls it. */
        HERE,
        /**
         * It was told to end, and when it takes no more is its own affair: requests go to it as before, and one for which it cannot be
         * connected to waits until it can, or has ended.
         */
        LEAVING,
        /** It has ended and will not come back. */
        GONE
    }

    /**
     * How requests wait.
     *
     * @param holds whether any does
     * @param longest how long one does
     * @param most how many do at once
     */
    public record Patience(boolean holds, Duration longest, int most) {}

    /** Says how it is from now on; an application that has ended for good does not come back. */
    public void turn(State now) {
        State before = STATE.getAndUpdate(this, was -> was == State.GONE ? was : now);
        if (before != now && before != State.GONE) {
            LOG.debug("application: {}, {} requests held", now, held());
            followers.forEach(Runnable::run);
        }
    }

    /** How it is. */
    public State state() {
        return state;
    }

    /** Requests that wait now. */
    public int held() {
        return held.get();
    }

    /** The same of those that may wait. */
    public Fill fill() {
        return Fill.of(Bounded.EXEC_HELD, held::get, patience.most(), refusals::sum);
    }

    /** Requests that have waited. */
    public long waits() {
        return waits.sum();
    }

    /** Requests that were answered without the application, because it was away for too long or too many waited. */
    public long refusals() {
        return refusals.sum();
    }

    Patience patience() {
        return patience;
    }

    void follow(Runnable follower) {
        followers.add(follower);
    }

    void unfollow(Runnable follower) {
        followers.remove(follower);
    }

    /** Whether one more request may wait; if so it is counted until it is {@link #left}. */
    boolean entered() {
        if (held.incrementAndGet() > patience.most()) {
            held.decrementAndGet();
            return false;
        }
        waits.increment();
        return true;
    }

    void left() {
        held.decrementAndGet();
    }

    void refused() {
        refusals.increment();
    }
}
