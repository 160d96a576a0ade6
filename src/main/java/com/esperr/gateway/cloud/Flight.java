package com.esperr.gateway.cloud;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.StateKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One question under way and everybody who waits for its answer. Thread-safe: it is asked and answered on the event loop
 * of the visitor who came first, and each waiter is told on a loop of its own. Nobody locks: a waiter is in the queue
 * before it counts, and whoever takes it out of the queue again is the one to answer for it. The question outlives the visitor who came first, as long as anybody waits.
 */
final class Flight implements DecisionSink {
    private static final int OVER = -1;

    private final Flights flights;
    private final StateKey key;
    private final ScheduledExecutorService home;
    private final Deadline deadline;
    /** Whether the answer is wanted even if nobody waits. */
    private final boolean kept;

    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    /** How many still wait, or {@link #OVER}. */
    private final AtomicInteger waiting = new AtomicInteger();

    private DecisionSource.@Nullable Cancellation question;

    Flight(Flights flights, StateKey key, ScheduledExecutorService home, Deadline deadline, boolean kept) {
        this.flights = flights;
        this.key = key;
        this.home = home;
        this.deadline = deadline;
        this.kept = kept;
    }

    Deadline deadline() {
        return deadline;
    }

    /** Lets {@code waiter} take part; false if it is too late. */
    boolean join(Waiter waiter) {
        waiters.add(waiter);
        int before = waiting.getAndUpdate(count -> count == OVER ? OVER : count + 1);
        // Too late, unless the one who tells the outcome has found it in the queue already.
        return before != OVER || !waiters.remove(waiter);
    }

    /** Asks; called once, on the loop of the first waiter. */
    void start(Asking service, RequestContext request) {
        question = service.ask(request, deadline, this);
    }

    /** One who waits on {@code loop} no longer wants to know; the last one withdraws the question. */
    void leave(ScheduledExecutorService loop) {
        int left = waiting.updateAndGet(count -> count == OVER ? OVER : count - 1);
        if (left != 0 || kept || !waiting.compareAndSet(0, OVER)) {
            return;
        }
        flights.landed(key, this);
        if (loop == home) {
            withdraw();
        } else {
            execute(home, this::withdraw);
        }
    }

    @Override
    public void decided(Decision decision) {
        flights.answered(key, decision);
        land(sink -> sink.decided(decision));
    }

    @Override
    public void abstained() {
        land(DecisionSink::abstained);
    }

    @Override
    public void failed(FailureReason reason, String detail) {
        land(sink -> sink.failed(reason, detail));
    }

    private void withdraw() {
        if (question != null) {
            question.cancel();
        }
    }

    private void land(Consumer<DecisionSink> outcome) {
        waiting.set(OVER);
        flights.landed(key, this);
        List<Waiter> here = new ArrayList<>(1);
        Map<ScheduledExecutorService, List<Waiter>> elsewhere = new LinkedHashMap<>();
        for (Waiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            if (waiter.loop() == home) {
                here.add(waiter);
            } else {
                elsewhere
                        .computeIfAbsent(waiter.loop(), loop -> new ArrayList<>())
                        .add(waiter);
            }
        }
        elsewhere.forEach((loop, others) -> execute(loop, () -> others.forEach(waiter -> waiter.tell(outcome))));
        here.forEach(waiter -> waiter.tell(outcome));
    }

    private static void execute(ScheduledExecutorService loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            // The loop has ended, and its visitors with it.
        }
    }
}
