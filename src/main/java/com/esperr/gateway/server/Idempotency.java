package com.esperr.gateway.server;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Evictions;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.bound.Housekeeping;
import com.esperr.gateway.state.StateKey;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Answers a repeated question as it was answered first, and one that comes while the first is still worked on together with
 * it. Thread-safe and never blocks. The answers are bounded in number and time and a tenant's are its own. A key that comes
 * back with another question is refused (draft-ietf-httpapi-idempotency-key-header section 2.7).
 */
final class Idempotency {
    private static final ApiError CONFLICT = new ApiError(
            422,
            "idempotency_conflict",
            "idempotency_key: used before for something else (expected: a key of its own)",
            "idempotency_key");
    private static final ApiError DEFECT =
            new ApiError(500, "internal", "failed; the reason is in the log of the service");

    private final Cache<Key, Entry> answers;
    private final Evictions evictions = new Evictions();
    private volatile long most;
    private final LongAdder repeated = new LongAdder();

    Idempotency(ServerConfig.Keep keep, LongSupplier nanos) {
        this.most = keep.maxEntries();
        this.answers = Caffeine.newBuilder()
                .maximumSize(keep.maxEntries())
                .expireAfterWrite(keep.time())
                .ticker(nanos::getAsLong)
                .evictionListener(evictions)
                .executor(Housekeeping.shared())
                .build();
    }

    /**
     * Has the work done unless it has been, and tells {@code sink} its answer.
     *
     * @param fingerprint stands for what is asked
     * @param loop where the sink is told, if not at once
     * @param work answers once, and to the end
     */
    void once(Key key, StateKey fingerprint, Executor loop, Consumer<Consumer<Answer>> work, Consumer<Answer> sink) {
        Entry fresh = new Entry(fingerprint, new CompletableFuture<>());
        Entry known = answers.asMap().putIfAbsent(key, fresh);
        if (known == null) {
            begin(key, fresh, work, sink);
            return;
        }
        repeated.increment();
        if (!known.fingerprint.equals(fingerprint)) {
            sink.accept(Answer.refused(CONFLICT));
        } else {
            var unused = known.answer.thenAcceptAsync(sink, known.answer.isDone() ? Runnable::run : loop);
        }
    }

    private void begin(Key key, Entry fresh, Consumer<Consumer<Answer>> work, Consumer<Answer> sink) {
        try {
            work.accept(answer -> {
                if (!answer.lasts()) {
                    answers.asMap().remove(key, fresh);
                }
                fresh.answer.complete(answer);
                sink.accept(answer);
            });
        } catch (RuntimeException defect) {
            // Else whoever asks again would wait for an answer that nobody gives.
            answers.asMap().remove(key, fresh);
            fresh.answer.complete(Answer.refused(DEFECT));
            throw defect;
        }
    }

    /** Keeps so many from now on, and so long. */
    void retune(ServerConfig.Keep next) {
        most = next.maxEntries();
        answers.policy().eviction().ifPresent(eviction -> eviction.setMaximum(next.maxEntries()));
        answers.policy().expireAfterWrite().ifPresent(expiry -> expiry.setExpiresAfter(next.time()));
    }

    /** Keeps no more what others than {@code tenants} were answered; whoever waits for an answer gets it still. */
    void keepOnly(Set<String> tenants) {
        answers.asMap().keySet().removeIf(key -> !tenants.contains(key.tenant()));
    }

    Fill fill() {
        return Fill.of(Bounded.SERVER_ANSWERS, answers::estimatedSize, () -> most, evictions::count);
    }

    /** How many questions were repetitions. */
    long repeated() {
        return repeated.sum();
    }

    /**
     * What must be the same.
     *
     * @param tenant whose
     * @param operation what is asked for
     * @param key the client's
     */
    record Key(String tenant, String operation, String key) {}

    private record Entry(StateKey fingerprint, CompletableFuture<Answer> answer) {}
}
