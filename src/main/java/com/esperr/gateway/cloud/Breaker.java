package com.esperr.gateway.cloud;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Stops asking a service that fails. Thread-safe without locks; shared by all event loops, so that what one has learned
 * all know. A count of failures within a time, as here, is what no rate-based breaker offers.
 *
 * <p>Each question takes a permit and gives it back with its outcome. A permit is the number of the state it was given in:
 * the outcome of a question from before a change says nothing about the time after it and is ignored.
 */
final class Breaker {
    /** In place of a permit: do not ask. */
    static final int REFUSED = -1;

    private static final AtomicReferenceFieldUpdater<Breaker, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Breaker.class, State.class, "state");

    private final BreakerConfig config;
    private final LongSupplier nanos;
    private final Consumer<BreakerState> listener;
    private final FailureWindow window;
    private volatile State state = new State(BreakerState.CLOSED, 0, 0, 0, 0);

    /** A closed breaker; {@code listener} is told each new state by the thread that caused it. */
    Breaker(BreakerConfig config, LongSupplier nanos, Consumer<BreakerState> listener) {
        this.config = config;
        this.nanos = nanos;
        this.listener = listener;
        this.window = new FailureWindow(config.window().toNanos(), nanos.getAsLong());
    }

    /** A permit, or {@link #REFUSED}. */
    int acquire() {
        while (true) {
            State seen = state;
            if (seen.kind == BreakerState.CLOSED) {
                return seen.number;
            }
            boolean refused = seen.kind == BreakerState.OPEN
                    ? seen.until - nanos.getAsLong() > 0
                    : seen.started >= config.probes();
            if (refused) {
                return REFUSED;
            }
            State next = seen.kind == BreakerState.OPEN
                    ? new State(BreakerState.HALF_OPEN, 0, seen.number + 1, 1, 0)
                    : new State(seen.kind, 0, seen.number, seen.started + 1, seen.answered);
            if (change(seen, next)) {
                return next.number;
            }
        }
    }

    /** The question was answered. */
    void succeeded(int permit) {
        while (true) {
            State seen = state;
            if (seen.number != permit) {
                return;
            }
            if (seen.kind == BreakerState.CLOSED) {
                window.succeeded(nanos.getAsLong());
                return;
            }
            boolean enough = seen.answered + 1 >= config.probes();
            State next = enough
                    ? new State(BreakerState.CLOSED, 0, seen.number + 1, 0, 0)
                    : new State(seen.kind, 0, seen.number, seen.started, seen.answered + 1);
            if (enough) {
                window.clear();
            }
            if (change(seen, next)) {
                return;
            }
        }
    }

    /** The service failed to answer the question. */
    void failed(int permit) {
        long now = nanos.getAsLong();
        State seen = state;
        if (seen.number != permit) {
            return;
        }
        if (seen.kind == BreakerState.CLOSED) {
            window.failed(now);
            if (!window.reached(config.failures(), config.share(), now)) {
                return;
            }
        }
        while (seen.number == permit) {
            long until = now + config.pause().toNanos();
            if (change(seen, new State(BreakerState.OPEN, until, seen.number + 1, 0, 0))) {
                return;
            }
            seen = state;
        }
    }

    /** The question was withdrawn or never asked; it says nothing about the service. */
    void released(int permit) {
        while (true) {
            State seen = state;
            if (seen.number != permit || seen.kind != BreakerState.HALF_OPEN) {
                return;
            }
            if (change(seen, new State(seen.kind, 0, seen.number, seen.started - 1, seen.answered))) {
                return;
            }
        }
    }

    /** What would happen to a question now: an open breaker is half open from the end of its pause. */
    BreakerState state() {
        State seen = state;
        boolean over = seen.kind == BreakerState.OPEN && seen.until - nanos.getAsLong() <= 0;
        return over ? BreakerState.HALF_OPEN : seen.kind;
    }

    private boolean change(State seen, State next) {
        if (!STATE.compareAndSet(this, seen, next)) {
            return false;
        }
        if (seen.kind != next.kind) {
            listener.accept(next.kind);
        }
        return true;
    }

    /**
     * One state; immutable.
     *
     * @param until when an open breaker may be tried again, on the injected clock
     * @param number counts the states; the permit
     * @param started probes let through and not withdrawn
     * @param answered probes that were answered
     */
    private record State(BreakerState kind, long until, int number, int started, int answered) {}
}
