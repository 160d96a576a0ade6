package com.esperr.gateway.server;

import com.esperr.gateway.telemetry.ServiceMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What requests are answered with. Immutable; another one takes its place when the configuration changes, and a request ends with the
 * one it began with.
 *
 * @param config by which it was made
 * @param tenants whose requests are decided
 * @param operations what can be asked for
 * @param keeper lets callers in
 * @param log is told of every answer
 */
record Api(ServerConfig config, Set<String> tenants, Operations operations, Keeper keeper, PendingReply.Log log) {
    /** As {@code terms} has it; what keys have taken and what was answered goes on. */
    static Api of(ApiServer.Terms terms, RateLimits limits, Idempotency idempotency) {
        return new Api(
                terms.config(),
                Set.copyOf(terms.tenants().keySet()),
                new Operations(operations(terms, limits, idempotency)),
                new Keeper(terms.keys(), terms.tenants(), limits, terms.metrics()),
                new AccessLines(terms.metrics(), terms.millis(), terms.accessLog()));
    }

    private static List<Operation> operations(ApiServer.Terms terms, RateLimits limits, Idempotency idempotency) {
        ServiceMetrics metrics = terms.metrics();
        Decisions decisions = new Decisions(terms.contexts(), idempotency, terms.nanos());
        List<Operation> all = new ArrayList<>();
        all.add(new MitigationOperation(decisions, metrics, terms.millis()));
        all.add(new EventOperation(decisions, metrics));
        all.add(new EventsOperation(decisions, limits, metrics, terms.config().maxEvents()));
        all.add(new ProofOperation(terms.challenges(), metrics));
        all.add(new FeedOperation(terms.keys()));
        all.add(BouncerOperation.lookup());
        all.add(BouncerOperation.stream());
        all.add(new UsageMetricsOperation());
        all.add(new ChallengeOperation(terms.challenges(), terms.desk(), terms.pages(), terms.tenants()));
        all.add(new OpenApiOperation());
        all.add(StatusOperation.health());
        all.add(StatusOperation.readiness(terms.ready()));
        return all;
    }
}
