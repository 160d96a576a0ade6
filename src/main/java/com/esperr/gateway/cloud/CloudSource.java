package com.esperr.gateway.cloud;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.decision.ProofVerifier;
import com.esperr.gateway.esper.EsperConfig;
import com.esperr.gateway.esper.MitigationAction;
import com.esperr.gateway.esper.ProofConfig;
import com.esperr.gateway.esper.RedirectRules;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides by asking Esper's runtime API about each request. Thread-safe; a question stays on the event loop that asks it,
 * with connections of that loop, while breaker and pauses are shared by all.
 */
public final class CloudSource implements DecisionSource, AutoCloseable {
    private final CloudService service;

    private CloudSource(CloudService service) {
        this.service = service;
    }

    /**
     * A source that asks the API of {@code esper}.
     *
     * @param nanos the clock of deadlines
     * @param epochMillis the time of day, for a pause that the service demands until a date
     */
    public static CloudSource create(
            EsperConfig esper,
            CloudConfig cloud,
            RedirectRules redirects,
            EventLoops loops,
            LongSupplier nanos,
            LongSupplier epochMillis) {
        HttpClient client = new HttpClient(cloud.client(esper.apiUrl()), loops, nanos);
        return new CloudSource(new CloudService(esper, cloud, redirects, client, EventLoops::here, nanos, epochMillis));
    }

    @Override
    public String name() {
        return "cloud";
    }

    @Override
    public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
        return service.ask(request, deadline, sink);
    }

    @Override
    public @Nullable String trouble() {
        return service.trouble();
    }

    /** Asks the same service about proofs, with the same connections, breaker and pauses. */
    public ProofVerifier proofs(ProofConfig proofs, LongSupplier epochMillis) {
        return new CloudProofs(service, proofs, epochMillis);
    }

    @Override
    public boolean calls() {
        return true;
    }

    /** What the breaker does with questions. */
    public BreakerState breakerState() {
        return service.breakerState();
    }

    /** Connections to the service that are established. */
    public long connectionsOpen() {
        return service.client().connectionsOpen();
    }

    /** Connections to the service that are established and unused. */
    public long connectionsIdle() {
        return service.client().connectionsIdle();
    }

    /** Calls that wait for a connection or an answer. */
    public long callsInFlight() {
        return service.client().callsInFlight();
    }

    /** How many questions were answered with {@code action}. */
    public long answers(MitigationAction action) {
        return service.counts().answers(action);
    }

    /** How many questions failed with {@code reason}. */
    public long failures(FailureReason reason) {
        return service.counts().failures(reason);
    }

    /** How many questions were asked a second time. */
    public long retries() {
        return service.counts().retries();
    }

    /** How many questions may be under way now, which adapts to what the service keeps up with. */
    public int concurrencyLimit() {
        return service.limit().current();
    }

    /** How many requests waited for the answer to the same question about another one. */
    public long shared() {
        SharedQuestions shared = service.shared();
        return shared == null ? 0 : shared.shared();
    }

    /** How many requests a kept answer was used for; {@code stale}: one past its age. */
    public long cacheHits(boolean stale) {
        SharedQuestions shared = service.shared();
        return shared == null ? 0 : shared.hits(stale);
    }

    /** How many answers are kept, roughly. */
    public long cacheSize() {
        SharedQuestions shared = service.shared();
        return shared == null ? 0 : shared.size();
    }

    /** Another one is asked from now on: what is under way ends as it would have, and no connection is kept. */
    public void retire() {
        service.client().retire();
    }

    /** How full is what is kept and what waits. */
    public List<Fill> fills() {
        SharedQuestions shared = service.shared();
        Fill answers = shared == null ? null : shared.fill();
        List<Fill> all =
                new ArrayList<>(List.of(service.limit().fill(), service.client().fill(Bounded.DECISION_CALLS)));
        if (answers != null) {
            all.add(answers);
        }
        return List.copyOf(all);
    }

    /** Fails the questions under way and closes the connections, soon after this returns. */
    @Override
    public void close() {
        service.client().close();
    }
}
