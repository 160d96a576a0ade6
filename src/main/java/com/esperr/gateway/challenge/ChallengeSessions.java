package com.esperr.gateway.challenge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions under way: bounded, also in the bytes of their URLs, each gone when it expires; the oldest are dropped first
 * and counted. Thread-safe.
 */
final class ChallengeSessions {
    private static final int ID_BYTES = 16;
    private static final int URL_BYTES_A_PLACE = 512;

    private final Cache<String, ChallengeSession> sessions;
    private final SecureRandom random = new SecureRandom();
    private final LongSupplier epochMillis;
    private final Duration lifetime;
    private final LongAdder dropped = new LongAdder();

    ChallengeSessions(
            long most, Duration lifetime, LongSupplier nanos, LongSupplier epochMillis, Executor housekeeping) {
        this.lifetime = lifetime;
        this.epochMillis = epochMillis;
        this.sessions = Caffeine.newBuilder()
                .maximumWeight(most)
                .weigher((String id, ChallengeSession session) -> places(session))
                .expireAfterWrite(lifetime.toNanos(), TimeUnit.NANOSECONDS)
                .ticker(nanos::getAsLong)
                .executor(housekeeping)
                .evictionListener((id, session, cause) -> {
                    if (cause == RemovalCause.SIZE) {
                        dropped.increment();
                    }
                })
                .build();
    }

    private static int places(ChallengeSession session) {
        String url = session.returnUrl();
        return 1 + (url == null ? 0 : url.length() / URL_BYTES_A_PLACE);
    }

    ChallengeSession open(String tenant, @Nullable String returnUrl, @Nullable String policy) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        ChallengeSession session = new ChallengeSession(
                HexFormat.of().formatHex(id), tenant, returnUrl, policy, epochMillis.getAsLong() + lifetime.toMillis());
        sessions.put(session.id(), session);
        return session;
    }

    @Nullable
    ChallengeSession find(String id) {
        return sessions.getIfPresent(id);
    }

    /** Ends the session; only the first who does gets it. */
    @Nullable
    ChallengeSession take(String id) {
        return sessions.asMap().remove(id);
    }

    long size() {
        return sessions.estimatedSize();
    }

    long dropped() {
        return dropped.sum();
    }
}
