package com.esperr.gateway.hosting;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Evictions;
import com.esperr.gateway.bound.Fill;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Counts the answers to each ticket that were not right, because somebody else's word about one costs time and money. Thread-safe and
 * bounded: what is forgotten when there are too many is the oldest, whose guesser has paid for all that came after with a page each.
 */
final class Attempts {
    /** So many answers to one ticket are looked at that are not right. */
    static final int MOST = 3;

    private static final long TICKETS = 100_000;

    private final Cache<String, Integer> counts;
    private final Evictions evictions = new Evictions();

    /** Remembers a ticket for {@code time}, after which it counts no more. */
    Attempts(Duration time, LongSupplier nanos, Executor housekeeping) {
        this.counts = Caffeine.newBuilder()
                .maximumSize(TICKETS)
                .expireAfterWrite(time)
                .ticker(nanos::getAsLong)
                .evictionListener(evictions)
                .executor(housekeeping)
                .build();
    }

    /** The same for tickets that live for {@code time}, or longer if they do already. */
    Attempts lasting(Duration time) {
        counts.policy().expireAfterWrite().ifPresent(expiry -> {
            if (expiry.getExpiresAfter().compareTo(time) < 0) {
                expiry.setExpiresAfter(time);
            }
        });
        return this;
    }

    Fill fill() {
        return evictions.fill(Bounded.CHALLENGE_ATTEMPTS, counts, TICKETS);
    }

    /** Whether one more answer to {@code ticket} is looked at, which from now on counts as wrong. */
    boolean begin(Ticket ticket) {
        // Counted before anybody is asked: a thousand answers at once are a thousand questions otherwise.
        return counts.asMap().merge(ticket.id(), 1, (so, one) -> Math.min(so + one, MOST + 1)) <= MOST;
    }

    /** The answer that was begun with is right. */
    void right(Ticket ticket) {
        counts.asMap().computeIfPresent(ticket.id(), (id, so) -> so > 1 ? so - 1 : null);
    }
}
