package com.esperr.gateway.challenge;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Evictions;
import com.esperr.gateway.bound.Fill;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known here of proofs that have counted: whose each is, and when Esper last stood by it. Thread-safe and bounded; one that
 * is forgotten is as good as new, because Esper is asked then.
 */
final class ProofMemory {
    private static final long MOST = 100_000;

    private final Cache<Fingerprint, Known> proofs;
    private final Evictions evictions = new Evictions();
    private final Binding binding;

    ProofMemory(Binding binding, Duration lifetime, LongSupplier nanos, Executor housekeeping) {
        this.binding = binding;
        this.proofs = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(lifetime)
                .ticker(nanos::getAsLong)
                .evictionListener(evictions)
                .executor(housekeeping)
                .build();
    }

    Fill fill() {
        return evictions.fill(Bounded.PROOFS, proofs, MOST);
    }

    /** Whether somebody else has shown the proof first. */
    boolean isAnothers(Fingerprint proof, Binding.Bound shown) {
        Known known = proofs.getIfPresent(proof);
        return known != null && !binding.same(known.bound(), shown);
    }

    /** Esper stood by the proof at {@code millis}. */
    void confirmed(Fingerprint proof, Binding.Bound bound, long millis) {
        proofs.put(proof, new Known(bound, millis, false));
    }

    /** Esper does not stand by it any more. */
    void revoked(Fingerprint proof, Binding.Bound bound) {
        proofs.put(proof, new Known(bound, 0, true));
    }

    /** What is known of the proof, or null. */
    @Nullable
    Known find(Fingerprint proof) {
        return proofs.getIfPresent(proof);
    }

    /**
     * One proof. Immutable.
     *
     * @param bound who showed it
     * @param confirmedAtMillis when Esper stood by it, epoch milliseconds
     * @param revoked whether it does not any more
     */
    record Known(Binding.Bound bound, long confirmedAtMillis, boolean revoked) {}
}
