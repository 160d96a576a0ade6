package com.esperr.gateway.explain;

import com.esperr.gateway.cloud.CloudSource;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.esper.ObservedAt;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Moment;
import com.esperr.gateway.hybrid.HybridSource;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.RequestContext;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the explanation of one finished request, a line of JSON in ASCII without secrets. Thread-safe; called on the event loop of
 * the record, because it reads what belongs to that.
 */
final class ExplanationWriter {
    private static final int USUAL_BYTES = 2048;
    private static final int MOST_BYTES = 64 << 10;
    private static final int SHORT_TEXT = 64;
    private static final int TEXT = 256;
    private static final int PATH = 1024;
    private static final long MICRO = 1000;
    // ASCII, as a text that visitors write could else turn around or hide what a terminal shows.
    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private final ObservedAt times = new ObservedAt();
    private final Supplier<@Nullable SitePolicies> locals;
    private final Supplier<@Nullable CloudSource> clouds;
    private final Supplier<@Nullable HybridSource> hybrids;

    ExplanationWriter(
            Supplier<@Nullable SitePolicies> locals,
            Supplier<@Nullable CloudSource> clouds,
            Supplier<@Nullable HybridSource> hybrids) {
        this.locals = locals;
        this.clouds = clouds;
        this.hybrids = hybrids;
    }

    /** The explanation without a line feed. */
    byte[] write(ExchangeRecord exchange) {
        byte[] whole = write(exchange, true);
        return whole.length <= MOST_BYTES ? whole : writeBriefly(exchange);
    }

    /** The same without the account of the policies, which is bounded then. */
    byte[] writeBriefly(ExchangeRecord exchange) {
        return write(exchange, false);
    }

    /** The same of a request that has not come. */
    byte[] writeRehearsal(ExchangeRecord exchange) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        RequestContext request = exchange.request();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField(
                    "would_be", exchange.enforced() ? exchange.outcome().label() : "forwarded");
            decision(json, exchange);
            client(json, exchange);
            if (request != null) {
                request(json, request);
                visitor(json, request);
                policies(json, exchange, request, true);
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private byte[] write(ExchangeRecord exchange, boolean policies) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("reference", Secrets.brief(exchange.reference(), SHORT_TEXT));
            json.writeStringField("time", times.format(exchange.startedAtMillis()));
            answer(json, exchange);
            decision(json, exchange);
            client(json, exchange);
            RequestContext request = exchange.request();
            if (request != null) {
                request(json, request);
                visitor(json, request);
                policies(json, exchange, request, policies);
            }
            sources(json, exchange);
            origin(json, exchange);
            timeline(json, exchange);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void answer(JsonGenerator json, ExchangeRecord exchange) throws IOException {
        json.writeObjectFieldStart("answer");
        json.writeNumberField("status", exchange.status());
        json.writeStringField("outcome", exchange.outcome().label());
        if (exchange.failure() != null) {
            json.writeStringField("failure", exchange.failure().label());
            optional(json, "detail", exchange.failureDetail());
        }
        json.writeEndObject();
    }

    private static void decision(JsonGenerator json, ExchangeRecord exchange) throws IOException {
        Decision decision = exchange.decision();
        if (decision == null) {
            return;
        }
        Cause cause = decision.cause();
        json.writeObjectFieldStart("decision");
        json.writeStringField("action", decision.action().label());
        json.writeBooleanField("enforced", exchange.enforced());
        json.writeStringField("source", Secrets.brief(cause.source(), SHORT_TEXT));
        optional(json, "policy", cause.policy());
        optional(json, "clause", cause.clause());
        optional(json, "reason", cause.reason());
        optional(json, "decision_id", cause.decisionId());
        if (cause.failure() != null) {
            json.writeStringField("failure", cause.failure().label());
        }
        if (cause.observed() != null) {
            json.writeStringField("would_have_been", cause.observed().label());
        }
        optional(json, "policies", cause.policies());
        json.writeEndObject();
    }

    private static void client(JsonGenerator json, ExchangeRecord exchange) throws IOException {
        RequestContext request = exchange.request();
        json.writeObjectFieldStart("client");
        if (request != null) {
            json.writeStringField("address", request.client().address().toString());
            json.writeStringField("known_from", request.client().source().text());
        }
        json.writeStringField("peer", Secrets.brief(exchange.peer(), SHORT_TEXT));
        json.writeEndObject();
    }

    private static void request(JsonGenerator json, RequestContext request) throws IOException {
        json.writeObjectFieldStart("request");
        json.writeStringField("method", Secrets.brief(request.method(), SHORT_TEXT));
        json.writeStringField("scheme", request.scheme());
        optional(json, "host", request.authority());
        json.writeStringField("path", Secrets.brief(request.path(), PATH));
        String query = request.rawQuery();
        if (query != null) {
            json.writeNumberField("query_bytes", query.length());
        }
        json.writeStringField("protocol", request.head().version().text());
        optional(json, "user_agent", request.userAgent());
        optional(json, "route", request.route().path());
        json.writeStringField("tier", request.tier().label());
        optional(json, "policy_set", request.site().policies());
        json.writeEndObject();
    }

    private static void visitor(JsonGenerator json, RequestContext request) throws IOException {
        BotFacts bot = request.bot();
        json.writeObjectFieldStart("visitor");
        json.writeNumberField("pass_level", request.passLevel());
        json.writeBooleanField("brought_proof", !request.traces().proofs().isEmpty());
        json.writeBooleanField("brought_pass", request.traces().cookies().size() > 0);
        if (bot.name() != null) {
            json.writeObjectFieldStart("bot");
            json.writeStringField("name", Secrets.brief(bot.name(), SHORT_TEXT));
            json.writeStringField("status", bot.status().label());
            if (bot.method() != null) {
                json.writeStringField("method", bot.method().label());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void policies(JsonGenerator json, ExchangeRecord exchange, RequestContext request, boolean whole)
            throws IOException {
        Decision decision = exchange.decision();
        SitePolicies local = locals.get();
        if (local == null || decision == null) {
            return;
        }
        Cause cause = decision.cause();
        if (!whole) {
            json.writeStringField("policies", "too much to be told");
        } else if (cause.policies() != null) {
            // Of an allow by nobody, and of one by policies in mode monitor, all were asked.
            boolean ended = cause.policy() != null && cause.observed() == null;
            PolicyPart.write(
                    json, local.account(request, cause.policies(), ended ? cause.policy() : null), cause.policies());
        }
    }

    private void sources(JsonGenerator json, ExchangeRecord exchange) throws IOException {
        Decision decision = exchange.decision();
        HybridSource hybrid = hybrids.get();
        CloudSource cloud = clouds.get();
        if (hybrid != null) {
            SourcePart.write(json, hybrid, decision == null ? null : decision.cause());
        }
        if (cloud != null) {
            SourcePart.write(json, cloud);
        }
    }

    private static void origin(JsonGenerator json, ExchangeRecord exchange) throws IOException {
        if (exchange.upstream() != null) {
            json.writeObjectFieldStart("origin");
            optional(json, "endpoint", exchange.upstream());
            json.writeBooleanField("reused", exchange.upstreamReused());
            json.writeBooleanField("retried", exchange.upstreamRetried());
            json.writeEndObject();
        }
    }

    private static void timeline(JsonGenerator json, ExchangeRecord exchange) throws IOException {
        json.writeObjectFieldStart("micros");
        json.writeNumberField("received", 0);
        moment(json, "asked", exchange.at(Moment.DECISION_ASKED));
        moment(json, "decided", exchange.at(Moment.DECIDED));
        moment(json, "origin_connected", exchange.at(Moment.UPSTREAM_CONNECTED));
        moment(json, "first_byte", exchange.at(Moment.RESPONSE_STARTED));
        moment(json, "done", exchange.at(Moment.DONE));
        json.writeEndObject();
    }

    private static void moment(JsonGenerator json, String name, long nanos) throws IOException {
        if (nanos >= 0) {
            json.writeNumberField(name, nanos / MICRO);
        }
    }

    private static void optional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            json.writeStringField(name, Secrets.brief(value, TEXT));
        }
    }
}
