package com.esperr.gateway.telemetry;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.net.ClientAddress;
import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestField;
import org.jspecify.annotations.Nullable;

/**
 * Makes the access log's line of one record. Every text that a visitor, a policy author or the decision service chose is
 * bounded and escaped; the query string is only measured. Confined to one thread, which is the event loop of the record.
 */
final class AccessLine {
    private static final int SHORT_TEXT = 64;
    private static final int TEXT = 256;
    private static final int PATH = 1024;
    private static final FieldReference FINGERPRINT = new FieldReference(RequestField.TLS_JA4, "");

    private final JsonLine json = new JsonLine();
    private final SecondClock clock = new SecondClock();

    /** The line of {@code exchange} with its line feed; the array is the caller's. */
    byte[] encode(ExchangeRecord exchange) {
        return encode(exchange, false);
    }

    /**
     * The line of {@code exchange} with its line feed; the array is the caller's.
     *
     * @param ja4 whether it says the fingerprint of the visitor's TLS, which has to be computed for that
     */
    byte[] encode(ExchangeRecord exchange, boolean ja4) {
        json.begin();
        json.word(LogField.TIME, clock.text(exchange.startedAtMillis()));
        json.text(LogField.REFERENCE, exchange.reference(), SHORT_TEXT);
        RequestContext request = exchange.request();
        if (request != null) {
            client(request.client());
        }
        json.text(LogField.PEER, exchange.peer(), SHORT_TEXT);
        if (request != null) {
            request(request);
        }
        answer(exchange);
        decision(exchange);
        failure(exchange.failure(), exchange.failureDetail());
        upstream(exchange);
        if (request != null) {
            textOrNothing(LogField.USER_AGENT, request.userAgent());
            if (ja4) {
                textOrNothing(LogField.JA4, FINGERPRINT.value(request));
            }
            bot(request.bot());
        }
        micros(exchange);
        return json.end();
    }

    private void client(ClientAddress client) {
        json.word(LogField.CLIENT, client.address().toString());
        json.word(LogField.CLIENT_FROM, client.source().text());
    }

    private void request(RequestContext request) {
        json.text(LogField.METHOD, request.method(), SHORT_TEXT);
        json.word(LogField.SCHEME, request.scheme());
        json.text(LogField.HOST, request.authority(), TEXT);
        json.text(LogField.PATH, request.path(), PATH);
        String query = request.rawQuery();
        if (query != null) {
            json.number(LogField.QUERY_BYTES, query.length());
        }
        json.text(LogField.ROUTE, request.route().path(), TEXT);
        json.word(LogField.TIER, request.tier().label());
        json.word(LogField.PROTOCOL, request.head().version().text());
    }

    private void bot(BotFacts bot) {
        String name = bot.name();
        if (name != null) {
            json.text(LogField.BOT, name, SHORT_TEXT);
            json.word(LogField.BOT_STATUS, bot.status().label());
            if (bot.method() != null) {
                json.word(LogField.BOT_METHOD, bot.method().label());
            }
        }
    }

    private void answer(ExchangeRecord exchange) {
        json.number(LogField.STATUS, exchange.status());
        json.word(LogField.OUTCOME, exchange.outcome().label());
        json.number(LogField.BYTES_IN, exchange.requestBodyBytes());
        json.number(LogField.BYTES_OUT, exchange.responseBodyBytes());
    }

    private void decision(ExchangeRecord exchange) {
        Decision decision = exchange.decision();
        if (decision == null) {
            return;
        }
        Cause cause = decision.cause();
        json.word(LogField.DECISION, decision.action().label());
        json.open(LogField.CAUSE);
        json.text(LogField.SOURCE, cause.source(), SHORT_TEXT);
        textOrNothing(LogField.POLICY, cause.policy());
        textOrNothing(LogField.CLAUSE, cause.clause());
        textOrNothing(LogField.DECISION_ID, cause.decisionId());
        textOrNothing(LogField.REASON, cause.reason());
        FailureReason failure = cause.failure();
        if (failure != null) {
            json.word(LogField.FAILURE, failure.label());
        }
        Action observed = cause.observed();
        if (observed != null) {
            json.word(LogField.OBSERVED, observed.label());
        }
        textOrNothing(LogField.POLICIES, cause.policies());
        RequestContext request = exchange.request();
        if (request != null && cause.policies() != null) {
            textOrNothing(LogField.POLICY_SET, request.site().policies());
        }
        json.flag(LogField.ENFORCED, exchange.enforced());
        json.close();
    }

    private void failure(@Nullable FailureReason failure, @Nullable String detail) {
        if (failure != null) {
            json.word(LogField.FAILURE, failure.label());
        }
        textOrNothing(LogField.FAILURE_DETAIL, detail);
    }

    private void upstream(ExchangeRecord exchange) {
        String upstream = exchange.upstream();
        if (upstream != null) {
            json.text(LogField.UPSTREAM, upstream, TEXT);
            json.flag(LogField.REUSED, exchange.upstreamReused());
            json.flag(LogField.RETRIED, exchange.upstreamRetried());
        }
    }

    private void micros(ExchangeRecord exchange) {
        json.open(LogField.MICROS);
        phase(LogField.DECISION_TIME, Phase.DECISION.nanos(exchange));
        phase(LogField.CONNECT, Phase.CONNECT.nanos(exchange));
        phase(LogField.FIRST_BYTE, Phase.FIRST_BYTE.nanos(exchange));
        phase(LogField.TOTAL, Phase.TOTAL.nanos(exchange));
        json.close();
    }

    private void phase(LogField field, long nanos) {
        if (nanos >= 0) {
            json.number(field, nanos / 1000);
        }
    }

    private void textOrNothing(LogField field, @Nullable String value) {
        if (value != null) {
            json.text(field, value, TEXT);
        }
    }
}
