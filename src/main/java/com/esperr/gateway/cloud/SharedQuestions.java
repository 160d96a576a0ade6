package com.esperr.gateway.cloud;

import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.esper.MitigationQuestionWriter;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.StateKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks each question once: those who would ask the same wait for the same answer, and a recent answer is used again if
 * configured. Thread-safe. Two questions are the same if everything that would be sent is, apart from the time and the
 * idempotency key, and if they are for the same host, on which it depends where a challenge may be. The URL to return to
 * is sent and so belongs to it: a challenge is shared only by those who come back to the same place.
 */
final class SharedQuestions implements Asking {
    private final MitigationQuestionWriter writer;
    private final HashSeed seed = HashSeed.random();
    private final Flights flights;
    private final @Nullable AnswerCache cache;
    private final LongAdder hits = new LongAdder();
    private final LongAdder staleHits = new LongAdder();

    SharedQuestions(
            MitigationQuestionWriter writer,
            Asking service,
            CacheConfig cache,
            Supplier<ScheduledExecutorService> here,
            LongSupplier nanos) {
        this.writer = writer;
        AnswerCache kept = cache.enabled() ? new AnswerCache(cache, nanos) : null;
        this.cache = kept;
        this.flights = new Flights(service, here, nanos, kept == null ? (key, decision) -> {} : kept::put);
    }

    @Override
    public DecisionSource.@Nullable Cancellation ask(RequestContext request, Deadline deadline, DecisionSink sink) {
        StateKey key = key(request);
        AnswerCache answers = cache;
        AnswerCache.Kept kept = answers == null ? null : answers.get(key);
        if (answers == null || kept == null) {
            return flights.ask(key, request, deadline, sink);
        }
        if (answers.fresh(kept)) {
            hits.increment();
            sink.decidedBefore(kept.decision());
            return null;
        }
        if (answers.usableMeanwhile(kept)) {
            staleHits.increment();
            flights.refresh(key, request, deadline);
            sink.decidedBefore(kept.decision());
            return null;
        }
        DecisionSink asking = answers.usableOnError(kept) ? new OnError(sink, kept.decision()) : sink;
        return flights.ask(key, request, deadline, asking);
    }

    /** The hash of everything that is asked about {@code request}. */
    StateKey key(RequestContext request) {
        InputHash hash = new InputHash(seed);
        try {
            writer.writeInputs(request, hash);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing here does input or output", e);
        }
        return hash.keyWith(request.authority());
    }

    /** Requests that waited for another one's answer. */
    long shared() {
        return flights.shared();
    }

    /** Requests that a kept answer was used for; {@code stale}: one that had to be asked for anew. */
    long hits(boolean stale) {
        return stale ? staleHits.sum() : hits.sum();
    }

    /** Answers that are kept, roughly. */
    long size() {
        return cache == null ? 0 : cache.size();
    }

    /** How full is what keeps answers, or null if nothing does. */
    @Nullable
    Fill fill() {
        return cache == null ? null : cache.fill();
    }

    /** Falls back on a kept answer when the service cannot be had; a refusal or nonsense of the service is not that. */
    private final class OnError implements DecisionSink {
        private final DecisionSink sink;
        private final Decision kept;

        OnError(DecisionSink sink, Decision kept) {
            this.sink = sink;
            this.kept = kept;
        }

        @Override
        public void decided(Decision decision) {
            sink.decided(decision);
        }

        @Override
        public void abstained() {
            sink.abstained();
        }

        @Override
        public void failed(FailureReason reason, String detail) {
            boolean unreachable = switch (reason) {
                case DECISION_CONNECT,
                        DECISION_TIMEOUT,
                        DECISION_SERVER_ERROR,
                        DECISION_RATE_LIMITED,
                        DECISION_OVERLOAD -> true;
                default -> false;
            };
            if (unreachable) {
                staleHits.increment();
                sink.decidedBefore(kept);
            } else {
                sink.failed(reason, detail);
            }
        }
    }
}
