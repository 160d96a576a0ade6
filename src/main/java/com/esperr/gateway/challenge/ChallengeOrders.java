package com.esperr.gateway.challenge;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Evictions;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.ReturnUrl;
import com.esperr.gateway.state.StateKey;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which policy has sent a visitor to the challenge he is at, so that it is told when he has passed. Thread-safe and bounded;
 * forgets, because it is for statistics only.
 */
final class ChallengeOrders {
    private static final Duration MEMORY = Duration.ofMinutes(10);
    private static final long MOST = 100_000;

    private final VisitorPage pages = new VisitorPage();
    private final Cache<StateKey, String> policies;
    private final Evictions evictions = new Evictions();

    ChallengeOrders(LongSupplier nanos, Executor housekeeping) {
        this.policies = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(MEMORY)
                .ticker(nanos::getAsLong)
                .evictionListener(evictions)
                .executor(housekeeping)
                .build();
    }

    Fill fill() {
        return evictions.fill(Bounded.CHALLENGE_ORDERS, policies, MOST);
    }

    /** {@code policy} sends the visitor of {@code request} to a challenge. */
    void ordered(RequestContext request, String policy) {
        policies.put(pages.of(request), policy);
    }

    /** Who has sent the visitor there who comes back now; forgotten with that. Null if nobody knows. */
    @Nullable
    String passed(RequestContext request) {
        return passed(request, ReturnUrl.target(request));
    }

    /** The same when {@code request} is for a path of ours, and {@code target} is what was asked for in the first place. */
    @Nullable
    String passed(RequestContext request, String target) {
        return policies.estimatedSize() == 0 ? null : policies.asMap().remove(pages.of(request, target));
    }
}
