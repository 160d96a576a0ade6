package com.esperr.gateway.challenge;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Evictions;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.StateKey;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Notices visitors who come back from challenges and have no pass all the same, such as those whose browser keeps no cookies,
 * which is why this is remembered here. Thread-safe and bounded; a short time, and for the one page, so that neighbours
 * behind one address do not count for each other: whoever shows a pass there ends the count.
 */
final class LoopGuard {
    static final Duration MEMORY = Duration.ofMinutes(2);

    private static final int RETURNS = 2;
    private static final long MOST = 100_000;

    private final VisitorPage pages = new VisitorPage();
    private final Cache<StateKey, Integer> returns;
    private final Evictions evictions = new Evictions();

    LoopGuard(LongSupplier nanos, Executor housekeeping) {
        this.returns = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(MEMORY)
                .ticker(nanos::getAsLong)
                .evictionListener(evictions)
                .executor(housekeeping)
                .build();
    }

    Fill fill() {
        return evictions.fill(Bounded.CHALLENGE_RETURNS, returns, MOST);
    }

    /** The visitor has come back from a challenge. */
    void returned(RequestContext request) {
        returns.asMap().merge(pages.of(request), 1, Integer::sum);
    }

    /** The same when {@code request} is for a path of ours, and {@code target} is what was asked for in the first place. */
    void returned(RequestContext request, String target) {
        returns.asMap().merge(pages.of(request, target), 1, Integer::sum);
    }

    /** The visitor has a pass. */
    void arrived(RequestContext request) {
        if (returns.estimatedSize() > 0) {
            returns.invalidate(pages.of(request));
        }
    }

    /** Whether one more challenge would lead nowhere. */
    boolean exhausted(RequestContext request) {
        Integer count = returns.estimatedSize() == 0 ? null : returns.getIfPresent(pages.of(request));
        return count != null && count >= RETURNS;
    }
}
