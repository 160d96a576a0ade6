package com.esperr.gateway.upstream;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long the answers of an origin take, in windows, each of which moves the {@link AdaptiveLimit}. Thread-safe: event loops add, and
 * the one that finds a window at its end closes it, while the others go on.
 */
final class ResponseTimes {
    private static final long SHORTEST = 100_000_000L;
    private static final long LONGEST = 2_000_000_000L;
    private static final long STALL = 1_000_000_000L;
    private static final int FEWEST = 10;

    private final AdaptiveLimit adaptive;
    private final LongAdder all = new LongAdder();
    private final LongAdder count = new LongAdder();
    private final LongAdder sum = new LongAdder();
    private final LongAdder overloads = new LongAdder();
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile long begun;
    private volatile long ends;
    private volatile long progress;
    private volatile int peak;
    private volatile int limit;
    private volatile boolean saturated;
    private volatile long tolerated;
    private volatile double pace;

    ResponseTimes(SheddingConfig config, long now) {
        this.adaptive = new AdaptiveLimit(config);
        this.limit = adaptive.limit();
        this.begun = now;
        this.ends = now + SHORTEST;
        this.progress = now;
    }

    /** The same for an origin whose answers were followed by {@code before} until now. */
    ResponseTimes(SheddingConfig config, long now, ResponseTimes before) {
        this(config, now);
        adaptive.goOn(now, before.limit, before.pace, before.saturated);
        this.limit = adaptive.limit();
        this.saturated = adaptive.saturated(now);
        this.pace = before.pace;
        this.tolerated = (long) adaptive.tolerated();
    }

    /** How many requests may be there now. */
    int limit() {
        return limit;
    }

    /** Whether the origin has more to do than it can. */
    boolean saturated() {
        return saturated;
    }

    /** So many are there. */
    void there(int requests) {
        if (requests > peak) {
            // Two at once may leave the smaller number, which is as good.
            peak = requests;
        }
    }

    /** A request that was sent at {@code since} is answered at {@code now}; {@code overloaded} if with 503. */
    void answered(long since, long now, boolean overloaded) {
        progress = now;
        all.increment();
        if (since - begun >= 0) {
            // What came before the limit was changed says nothing of that change.
            sum.add(now - since);
            if (overloaded) {
                overloads.increment();
            }
            count.increment();
        }
        if (now - ends >= 0) {
            close(now);
        }
    }

    /** Nobody waits any more for the answer to a request that was sent at {@code since}: it takes at least that long. */
    void givenUp(long since, long now) {
        long known = tolerated;
        if (known > 0 && now - since > known) {
            answered(since, now, false);
        }
    }

    /** Looks at the time while {@code requests} are there. */
    void look(int requests, long now) {
        if (requests < limit) {
            // It cannot owe an answer for longer than it has had so many: those that come now may come all at once.
            progress = now;
        }
        if (saturated || requests >= limit) {
            if (closing.compareAndSet(false, true)) {
                try {
                    lookAlone(requests, now);
                } finally {
                    closing.set(false);
                }
            }
        }
    }

    private void lookAlone(int requests, long now) {
        long patience = Math.max(STALL, (long) (10 * adaptive.pace()));
        if (requests >= limit && now - progress >= patience) {
            progress = now;
            adaptive.stalled(now);
            limit = adaptive.limit();
        } else if (requests >= limit && count.sum() == 0 && isOverdue(now)) {
            adaptive.late(now, rate(now));
            limit = adaptive.limit();
        }
        saturated = adaptive.saturated(now);
    }

    /** Whether even the first of the requests that began in this window would have taken too long by now. */
    private boolean isOverdue(long now) {
        return tolerated > 0 && all.sum() >= FEWEST && now - begun > SHORTEST + 2 * tolerated;
    }

    private double rate(long now) {
        return (double) all.sum() / Math.max(1, now - begun);
    }

    private void close(long now) {
        if (count.sum() < FEWEST || !closing.compareAndSet(false, true)) {
            return;
        }
        try {
            long answers = count.sumThenReset();
            if (now - ends >= 0 && answers > 0) {
                double mean = (double) sum.sumThenReset() / answers;
                adaptive.window(now, mean, answers, overloads.sumThenReset(), peak, rate(now));
                all.reset();
                limit = adaptive.limit();
                saturated = adaptive.saturated(now);
                pace = adaptive.pace();
                tolerated = (long) adaptive.tolerated();
                peak = 0;
                begun = now;
                // Long enough for requests that begin in it to be answered in it.
                ends = now + Math.min(LONGEST, Math.max(SHORTEST, (long) (3 * Math.max(mean, adaptive.pace()))));
            }
        } finally {
            closing.set(false);
        }
    }
}
