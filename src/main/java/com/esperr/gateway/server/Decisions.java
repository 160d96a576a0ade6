package com.esperr.gateway.server;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.policy.Analysis;
import com.esperr.gateway.policy.AnalysisSink;
import com.esperr.gateway.request.DescriptionException;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestContexts;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows questions and events to the policies of their tenant and puts what comes of it in the words of the contract.
 * Thread-safe and never blocks.
 */
final class Decisions {
    private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final ApiError STRANGER = new ApiError(
            403,
            "tenant_mismatch",
            "tenant_id: another tenant's (expected: the tenant of the key, or none)",
            "tenant_id");
    /** What is shared comes back by itself, and whoever asks again soon asks what everybody asks. */
    private static final ApiError UNAVAILABLE =
            new ApiError(503, "unavailable", "no decision can be made at the moment", null, Map.of("retry-after", "1"));

    private final RequestContexts contexts;
    private final Idempotency idempotency;
    private final LongSupplier nanos;

    Decisions(RequestContexts contexts, Idempotency idempotency, LongSupplier nanos) {
        this.contexts = contexts;
        this.idempotency = idempotency;
        this.nanos = nanos;
    }

    /** Answers a question. */
    void decide(Caller caller, Question question, Executor loop, Consumer<Answer> sink) {
        once("mitigation", caller, question, loop, sink, Decisions::decided);
    }

    /** Takes an event. */
    void take(Caller caller, Question event, Executor loop, Consumer<Answer> sink) {
        once("event", caller, event, loop, sink, Decisions::taken);
    }

    private void once(
            String operation, Caller caller, Question question, Executor loop, Consumer<Answer> sink, Wording wording) {
        Tenant tenant = caller.tenant();
        String named = question.tenantId();
        if (named != null && !named.equals(tenant.id())) {
            sink.accept(Answer.refused(STRANGER));
            return;
        }
        String key = question.idempotencyKey();
        if (key == null) {
            analyse(tenant, question, sink, wording);
        } else {
            idempotency.once(
                    new Idempotency.Key(tenant.id(), operation, key),
                    question.fingerprint(),
                    loop,
                    first -> analyse(tenant, question, first, wording),
                    sink);
        }
    }

    private void analyse(Tenant tenant, Question question, Consumer<Answer> sink, Wording wording) {
        RequestContext request;
        try {
            request = contexts.described(question.description());
        } catch (DescriptionException wrong) {
            sink.accept(Answer.refused(BadInput.of(wrong).error()));
            return;
        }
        tenant.engine().analyse(request, new Deadline(nanos.getAsLong() + LIMIT.toNanos()), new AnalysisSink() {
            @Override
            public void analysed(Analysis analysis) {
                sink.accept(wording.answer(tenant, request, analysis));
            }

            @Override
            public void failed(FailureReason reason, String detail) {
                LOG.debug("no decision for {}: {}: {}", tenant.id(), reason.label(), detail);
                sink.accept(Answer.refused(UNAVAILABLE));
            }
        });
    }

    private static Answer decided(Tenant tenant, RequestContext request, Analysis analysis) {
        Decision decision = analysis.decision();
        Action action = decision == null ? Action.ALLOW : decision.action();
        String told = decision == null ? null : decision.cause().decisionId();
        String id = told == null ? request.idempotencyKey().toString() : told;
        byte[] json = Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("action", action.label());
            out.writeStringField("decision_id", id);
            if (decision != null && action != Action.ALLOW) {
                Json.optional(out, "reason", decision.cause().reason());
            }
            if (decision instanceof Decision.Challenge challenge) {
                challenge(out, absolute(challenge.redirectUrl(), request));
            }
            out.writeStringField("policies", analysis.policies());
            out.writeEndObject();
        });
        return new Answer(200, json, id);
    }

    private static void challenge(JsonGenerator out, @Nullable String url) throws IOException {
        Json.optional(out, "redirect_url", url);
        out.writeObjectFieldStart("challenge");
        Json.optional(out, "redirect_url", url);
        out.writeEndObject();
    }

    /** A path is one on the site that was asked for, which the question names or nobody knows. */
    private static @Nullable String absolute(String url, RequestContext request) {
        if (!url.startsWith("/")) {
            return url;
        }
        return request.authority().isEmpty() ? null : request.scheme() + "://" + request.authority() + url;
    }

    private static Answer taken(Tenant tenant, RequestContext request, Analysis analysis) {
        ActiveMitigation active = analysis.active();
        byte[] json = Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("item_id", request.idempotencyKey().toString());
            out.writeStringField("lookup_entity_id", tenant.lookup().of(request));
            if (active == null) {
                out.writeNullField("active_mitigation");
            } else {
                out.writeObjectFieldStart("active_mitigation");
                out.writeStringField("decision", capitalised(active.action()));
                out.writeStringField("decision_id", active.decisionId());
                out.writeEndObject();
            }
            out.writeEndObject();
        });
        return new Answer(200, json, active == null ? null : active.decisionId());
    }

    private static String capitalised(Action action) {
        String label = action.label();
        return label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1);
    }

    /** Puts an analysis in the words of one operation. */
    private interface Wording {
        Answer answer(Tenant tenant, RequestContext request, Analysis analysis);
    }
}
