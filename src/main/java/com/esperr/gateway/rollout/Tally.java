package com.esperr.gateway.rollout;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.StateKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one set of policies did with requests in one stage. Thread-safe. Of challenged visitors, who are told apart, at most
 * {@value #MOST_VISITORS} are looked at, so that a flood takes no memory.
 */
final class Tally {
    private static final int MOST_VISITORS = 50_000;

    private final LongAdder requests = new LongAdder();
    private final LongAdder met = new LongAdder();
    private final LongAdder holders = new LongAdder();
    private final LongAdder holdersMet = new LongAdder();
    private final LongAdder bots = new LongAdder();
    private final LongAdder botsMet = new LongAdder();
    private final LongAdder solutions = new LongAdder();
    private final ConcurrentMap<StateKey, Boolean> challenged = new ConcurrentHashMap<>();
    private final AtomicInteger visitors = new AtomicInteger();
    private final LongAdder crowded = new LongAdder();

    /** That became of a request, of a visitor who has that key. */
    void count(RequestContext request, StateKey visitor, Action action) {
        boolean meets = action != Action.ALLOW;
        requests.increment();
        count(meets, met);
        boolean holder = request.passLevel() > 0;
        boolean bot = request.bot().status() == BotFacts.Status.VERIFIED;
        if (holder) {
            holders.increment();
            count(meets, holdersMet);
        }
        if (bot) {
            bots.increment();
            count(meets, botsMet);
        }
        // Whoever is spared it cannot solve it.
        if (action == Action.CHALLENGE && !holder && !request.bot().spared()) {
            challenged(visitor);
        }
    }

    private static void count(boolean meets, LongAdder counter) {
        if (meets) {
            counter.increment();
        }
    }

    private void challenged(StateKey visitor) {
        if (challenged.containsKey(visitor)) {
            return;
        }
        if (visitors.get() >= MOST_VISITORS) {
            crowded.increment();
        } else if (challenged.putIfAbsent(visitor, false) == null) {
            visitors.incrementAndGet();
        }
    }

    Fill fill() {
        return Fill.of(Bounded.ROLLOUT_VISITORS, visitors::get, MOST_VISITORS, crowded::sum);
    }

    /** A visitor has passed a challenge; it counts once, and only if he is known to have been challenged. */
    void solved(StateKey visitor) {
        if (challenged.replace(visitor, false, true)) {
            solutions.increment();
        }
    }

    /** Requests that were challenged or blocked, of all. */
    Ratio requests() {
        return new Ratio(met.sum(), requests.sum());
    }

    /** The same of requests with a pass. */
    Ratio passHolders() {
        return new Ratio(holdersMet.sum(), holders.sum());
    }

    /** The same of requests of verified bots. */
    Ratio verifiedBots() {
        return new Ratio(botsMet.sum(), bots.sum());
    }

    /** Visitors who passed the challenge that they were sent to, of all who were sent to one. */
    Ratio solved() {
        return new Ratio(solutions.sum(), visitors.get());
    }
}
