package com.esperr.gateway.cloud;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.esper.EsperConfig;
import com.esperr.gateway.esper.MitigationAnswerReader;
import com.esperr.gateway.esper.MitigationQuestionWriter;
import com.esperr.gateway.esper.Profile;
import com.esperr.gateway.esper.RedirectRules;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.transport.HttpClient;
import com.esperr.gateway.transport.PreparedCall;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all questions share: the service, its format, and what is known of its health. Thread-safe. */
final class CloudService {
    private final CloudConfig config;
    private final HttpClient client;
    private final PreparedCall prepared;
    private final MitigationQuestionWriter writer;
    private final MitigationAnswerReader reader;
    private final boolean idempotent;
    private final LongSupplier nanos;
    private final ServiceLog log;
    private final Breaker breaker;
    private final CloudCounts counts = new CloudCounts();
    private final RateLimitPause pause;
    private final ConcurrencyLimit limit;
    private final @Nullable SharedQuestions shared;

    CloudService(
            EsperConfig esper,
            CloudConfig config,
            RedirectRules redirects,
            HttpClient client,
            Supplier<ScheduledExecutorService> here,
            LongSupplier nanos,
            LongSupplier epochMillis) {
        this.config = config;
        this.client = client;
        this.writer = new MitigationQuestionWriter(esper);
        this.reader = new MitigationAnswerReader(esper, redirects);
        this.prepared = client.prepare("POST", esper.mitigationPath(), writer.headers());
        this.idempotent = esper.profile() == Profile.NESTED;
        this.nanos = nanos;
        this.log = new ServiceLog(esper.apiUrl().toString(), esper.apiKey(), nanos);
        this.breaker = new Breaker(config.breaker(), nanos, log::breaker);
        this.pause = new RateLimitPause(config.rateLimitBackOff(), config.maxRetryAfter(), nanos, epochMillis);
        this.limit = new ConcurrencyLimit(config.concurrency(), nanos);
        this.shared =
                config.coalesce() ? new SharedQuestions(writer, this::askAlone, config.cache(), here, nanos) : null;
    }

    DecisionSource.@Nullable Cancellation ask(RequestContext request, Deadline deadline, DecisionSink sink) {
        return shared == null ? askAlone(request, deadline, sink) : shared.ask(request, deadline, sink);
    }

    private DecisionSource.@Nullable Cancellation askAlone(
            RequestContext request, Deadline deadline, DecisionSink sink) {
        return send(new CloudQuestion(this, request, sink), deadline);
    }

    /** Makes the call that {@code errand} is about, unless the service is to be left alone now. */
    DecisionSource.@Nullable Cancellation send(Errand errand, Deadline deadline) {
        if (pause.active()) {
            errand.failed(FailureReason.DECISION_RATE_LIMITED, "the service demanded a pause");
            return null;
        }
        int permit = breaker.acquire();
        if (permit == Breaker.REFUSED) {
            errand.failed(FailureReason.DECISION_OVERLOAD, "breaker open");
            return null;
        }
        if (!limit.acquire()) {
            breaker.released(permit);
            errand.failed(FailureReason.DECISION_OVERLOAD, "as many questions under way as the service keeps up with");
            return null;
        }
        CloudCall call = new CloudCall(this, errand, deadline, permit);
        return call.ask() ? null : call;
    }

    /** Whether the service takes a repeated question for the same one. */
    boolean idempotent() {
        return idempotent;
    }

    boolean retry() {
        return config.retry();
    }

    @Nullable
    String trouble() {
        if (log.keyRefused()) {
            return "Esper refuses the API key";
        }
        return breaker.state() == BreakerState.OPEN ? "Esper does not answer: breaker open" : null;
    }

    BreakerState breakerState() {
        return breaker.state();
    }

    HttpClient client() {
        return client;
    }

    PreparedCall prepared() {
        return prepared;
    }

    MitigationQuestionWriter writer() {
        return writer;
    }

    MitigationAnswerReader reader() {
        return reader;
    }

    Breaker breaker() {
        return breaker;
    }

    RateLimitPause pause() {
        return pause;
    }

    ConcurrencyLimit limit() {
        return limit;
    }

    /** What is shared between requests, or null if nothing is. */
    @Nullable
    SharedQuestions shared() {
        return shared;
    }

    CloudCounts counts() {
        return counts;
    }

    ServiceLog log() {
        return log;
    }

    long now() {
        return nanos.getAsLong();
    }
}
