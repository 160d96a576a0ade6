package com.esperr.gateway.cloud;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureReason;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One visitor's share in a question that several wait for; confined to the event loop of that visitor. */
final class Waiter implements DecisionSource.Cancellation {
    private static final Logger LOG = LoggerFactory.getLogger(CloudSource.class);

    private final ScheduledExecutorService loop;
    private final Deadline deadline;
    private final DecisionSink sink;
    private @Nullable Flight flight;
    private @Nullable Future<?> timer;
    private boolean done;

    Waiter(ScheduledExecutorService loop, Deadline deadline, DecisionSink sink) {
        this.loop = loop;
        this.deadline = deadline;
        this.sink = sink;
    }

    /** The loop on which it is told. */
    ScheduledExecutorService loop() {
        return loop;
    }

    Deadline deadline() {
        return deadline;
    }

    boolean done() {
        return done;
    }

    /** It takes part in {@code joined}. */
    void joined(Flight joined) {
        flight = joined;
    }

    /** The question may take until {@code until}; gives up before if its own time is over before. */
    void waitsOn(Deadline until, long now) {
        if (done || timer != null || deadline.nanos() - until.nanos() >= 0) {
            return;
        }
        long left = deadline.remaining(now);
        if (left <= 0) {
            expire();
        } else {
            timer = loop.schedule(this::expire, left, TimeUnit.NANOSECONDS);
        }
    }

    /** The question has an outcome. */
    void tell(Consumer<DecisionSink> outcome) {
        if (!end()) {
            return;
        }
        try {
            outcome.accept(sink);
        } catch (RuntimeException defect) {
            // One visitor's trouble is not the others', who wait for the same answer.
            LOG.error("a waiting request could not take its decision", defect);
        }
    }

    @Override
    public void cancel() {
        if (end() && flight != null) {
            flight.leave(loop);
        }
    }

    private void expire() {
        if (end() && flight != null) {
            flight.leave(loop);
            sink.failed(FailureReason.DECISION_TIMEOUT, "waiting for the answer to a shared question");
        }
    }

    private boolean end() {
        if (done) {
            return false;
        }
        done = true;
        if (timer != null) {
            timer.cancel(false);
        }
        return true;
    }
}
