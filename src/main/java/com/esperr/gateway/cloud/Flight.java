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
 * before it counts, and whoever takes it out of the queue again is the one to answer for it. The question outlives the visitor who
 * came first, as long as anybody waits; when his time is over and others have some left, it is asked again for those.
 */
final class Flight implements DecisionSink {
    private static final int OVER = -1;
    // A question that was in vain for so long has little hope in less than this part of it, and would be one more for a
    // service that does not keep up: visitors who come together have all but the same time.
    private static final int WORTH_TRYING = 4;

    private final Flights flights;
    private final StateKey key;
    private final ScheduledExecutorService home;
    private final Asking service;
    private final RequestContext request;
    /** Whether the answer is wanted even if nobody waits. */
    private final boolean kept;

    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    /** How many still wait, or {@link #OVER}. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** Until when the question may take; grows when it is asked again. */
    private volatile Deadline deadline;

    private long asked;
    private DecisionSource.@Nullable Cancellation question;

    /** Asks {@code service} about {@code request} on the loop {@code home}, once it is started. */
    Flight(
            Flights flights,
            StateKey key,
            ScheduledExecutorService home,
            Asking service,
            RequestContext request,
            Deadline deadline,
            boolean kept) {
        this.flights = flights;
        this.key = key;
        this.home = home;
        this.service = service;
        this.request = request;
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

    /** Asks; called on the loop of the first waiter. */
    void start() {
        asked = flights.now();
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
        if (reason != FailureReason.DECISION_TIMEOUT || !askedAgain()) {
            land(sink -> sink.failed(reason, detail));
        }
    }

    /**
     * Asks again for those who came later and have time left, until the last of them has none; false if there are none.
     * So nobody's time is cut by somebody else's, and nobody waits for more than two questions.
     */
    private boolean askedAgain() {
        long now = flights.now();
        Deadline latest = deadline;
        for (Waiter waiter : waiters) {
            latest = waiter.deadline().nanos() - latest.nanos() > 0 ? waiter.deadline() : latest;
        }
        boolean later = latest.nanos() - deadline.nanos() > 0;
        if (!later || latest.remaining(now) <= (now - asked) / WORTH_TRYING) {
            return false;
        }
        // Before looking at the waiters: whoever joins now either sees it or is seen.
        deadline = latest;
        List<Waiter> all = drained();
        all.stream().filter(waiter -> waiter.deadline().remaining(now) > 0).forEach(waiters::add);
        Deadline until = latest;
        each(all, waiter -> waiter.waitsOn(until, now));
        if (waiting.get() == OVER) {
            // The last one left meanwhile; who joined in that moment may rely on being told.
            return false;
        }
        start();
        return true;
    }

    private void withdraw() {
        if (question != null) {
            question.cancel();
        }
    }

    private void land(Consumer<DecisionSink> outcome) {
        waiting.set(OVER);
        flights.landed(key, this);
        each(drained(), waiter -> waiter.tell(outcome));
    }

    private List<Waiter> drained() {
        List<Waiter> all = new ArrayList<>(1);
        for (Waiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            all.add(waiter);
        }
        return all;
    }

    /** Does something with each waiter on his own loop. */
    private void each(List<Waiter> all, Consumer<Waiter> task) {
        Map<ScheduledExecutorService, List<Waiter>> loops = new LinkedHashMap<>();
        for (Waiter waiter : all) {
            loops.computeIfAbsent(waiter.loop(), loop -> new ArrayList<>(1)).add(waiter);
        }
        List<Waiter> here = loops.remove(home);
        loops.forEach((loop, others) -> execute(loop, () -> others.forEach(task)));
        if (here != null) {
            here.forEach(task);
        }
    }

    private static void execute(ScheduledExecutorService loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            // The loop has ended, and its visitors with it.
        }
    }
}
