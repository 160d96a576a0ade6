package com.esperr.gateway.server;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Evictions;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.bound.Housekeeping;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How much each key may ask: one bucket a key, forgotten when it is full again anyway. Thread-safe. */
final class RateLimits {
    private static final long KEYS = 1_000_000;

    private final Cache<String, TokenBucket> buckets;
    private final Evictions evictions = new Evictions();
    private volatile ServerConfig.Rate rate;
    private final LongSupplier nanos;

    RateLimits(ServerConfig.Rate rate, LongSupplier nanos) {
        this.rate = rate;
        this.nanos = nanos;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(KEYS)
                .expireAfterAccess(rest(rate))
                .ticker(nanos::getAsLong)
                .evictionListener(evictions)
                .executor(Housekeeping.shared())
                .build();
    }

    Fill fill() {
        return evictions.fill(Bounded.SERVER_RATES, buckets, KEYS);
    }

    /** Holds for all keys from now on; what a key has taken already counts. */
    void retune(ServerConfig.Rate next) {
        rate = next;
        buckets.policy().expireAfterAccess().ifPresent(expiry -> expiry.setExpiresAfter(rest(next)));
    }

    private static Duration rest(ServerConfig.Rate rate) {
        return Duration.ofSeconds(60 + rate.burst() / rate.perSecond());
    }

    /** Takes {@code units} for the key called {@code id}, or answers after how many seconds to come again. */
    long take(String id, int units) {
        long now = nanos.getAsLong();
        ServerConfig.Rate is = rate;
        TokenBucket bucket = buckets.get(id, unknown -> new TokenBucket(is.perSecond(), is.burst(), now));
        if (!bucket.isAt(is.perSecond(), is.burst())) {
            bucket = retuned(id, is, now);
        }
        long wait = bucket.take(units, now);
        return wait == 0 ? 0 : TimeUnit.NANOSECONDS.toSeconds(wait) + 1;
    }

    private TokenBucket retuned(String id, ServerConfig.Rate is, long now) {
        return buckets.asMap().compute(id, (same, known) -> {
            if (known == null) {
                return new TokenBucket(is.perSecond(), is.burst(), now);
            }
            return known.isAt(is.perSecond(), is.burst()) ? known : known.at(is.perSecond(), is.burst(), now);
        });
    }
}
