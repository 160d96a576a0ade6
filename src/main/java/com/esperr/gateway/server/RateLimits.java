package com.esperr.gateway.server;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Evictions;
import com.esperr.gateway.bound.Fill;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How much each key may ask: one bucket a key, forgotten when it is full again anyway. Thread-safe. */
final class RateLimits {
    private static final long KEYS = 1_000_000;

    private final Cache<String, TokenBucket> buckets;
    private final Evictions evictions = new Evictions();
    private final ServerConfig.Rate rate;
    private final LongSupplier nanos;

    RateLimits(ServerConfig.Rate rate, LongSupplier nanos) {
        this.rate = rate;
        this.nanos = nanos;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(KEYS)
                .expireAfterAccess(Duration.ofSeconds(60 + rate.burst() / rate.perSecond()))
                .ticker(nanos::getAsLong)
                .evictionListener(evictions)
                .executor(ForkJoinPool.commonPool())
                .build();
    }

    Fill fill() {
        return evictions.fill(Bounded.SERVER_RATES, buckets, KEYS);
    }

    /** Takes {@code units} for the key called {@code id}, or answers after how many seconds to come again. */
    long take(String id, int units) {
        long now = nanos.getAsLong();
        TokenBucket bucket = buckets.get(id, unknown -> new TokenBucket(rate.perSecond(), rate.burst(), now));
        long wait = bucket.take(units, now);
        return wait == 0 ? 0 : TimeUnit.NANOSECONDS.toSeconds(wait) + 1;
    }
}
