package com.esperr.gateway.tracing;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Moment;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Trace;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the spans of one request say, by the semantic conventions for HTTP: method, path, addresses, status, but no header, no cookie
 * and no query. Stateless; made on the event loop of the exchange, before it ends.
 */
final class RequestSpans {
    private static final int LONGEST = 1024;
    private static final int SERVER_ERROR = 500;
    private static final int CLIENT_ERROR = 400;
    private static final String REDACTED = "REDACTED";
    /** Others are told as _OTHER, because whoever counts by method must not be flooded. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY");

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> METHOD_AS_SENT = AttributeKey.stringKey("http.request.method_original");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");
    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
    private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");
    private static final AttributeKey<String> PROTOCOL = AttributeKey.stringKey("network.protocol.version");
    private static final AttributeKey<String> USER_AGENT = AttributeKey.stringKey("user_agent.original");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<Long> RESENT = AttributeKey.longKey("http.request.resend_count");
    private static final AttributeKey<String> REFERENCE = AttributeKey.stringKey("esper.reference");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("esper.outcome");
    private static final AttributeKey<String> ACTION = AttributeKey.stringKey("esper.decision.action");
    private static final AttributeKey<String> SOURCE = AttributeKey.stringKey("esper.decision.source");
    private static final AttributeKey<String> POLICY = AttributeKey.stringKey("esper.decision.policy");
    private static final AttributeKey<Boolean> ENFORCED = AttributeKey.booleanKey("esper.decision.enforced");

    private RequestSpans() {}

    /**
     * One span.
     *
     * @param id its name, or null for any
     * @param parent the name of its parent, or null if it is the first of its trace
     * @param foreign whether the parent is somebody else's
     * @param begin nanoseconds from the start of the request
     * @param end the same
     * @param failed whether something went wrong
     */
    record Part(
            String name,
            SpanKind kind,
            @Nullable String id,
            @Nullable String parent,
            boolean foreign,
            long begin,
            long end,
            boolean failed,
            Attributes attributes) {}

    /** The spans of one request. */
    record Parts(Trace trace, long startMillis, List<Part> parts) {}

    /** Those of {@code exchange}, or null if its trace is not recorded. */
    static @Nullable Parts of(ExchangeRecord exchange, boolean query) {
        RequestContext request = exchange.request();
        Trace trace = request == null ? null : request.trace();
        if (request == null || trace == null || !trace.sampled()) {
            return null;
        }
        List<Part> parts = new ArrayList<>(4);
        parts.add(server(exchange, request, trace, query));
        long asked = exchange.at(Moment.DECISION_ASKED);
        long decided = exchange.at(Moment.DECIDED);
        long done = exchange.at(Moment.DONE);
        Decision decision = exchange.decision();
        if (asked >= 0 && decision != null) {
            parts.add(inner("decision", trace, asked, decided < asked ? done : decided, decision(exchange, decision)));
        }
        if (exchange.upstream() != null) {
            parts.add(origin(exchange, request, trace, Math.max(0, decided), done));
        }
        if (isChallenge(exchange)) {
            parts.add(inner(
                    "challenge",
                    trace,
                    Math.max(0, decided),
                    done,
                    Attributes.of(OUTCOME, exchange.outcome().label())));
        }
        return new Parts(trace, exchange.startedAtMillis(), parts);
    }

    /** Whether the answer was a challenge, a page of one, or what became of it. */
    private static boolean isChallenge(ExchangeRecord exchange) {
        Outcome outcome = exchange.outcome();
        Decision decision = exchange.decision();
        return outcome == Outcome.CHALLENGED
                || outcome == Outcome.ADMITTED
                || (outcome == Outcome.ANSWERED
                        && decision != null
                        && decision.cause().source().equals(Cause.OURS.source()));
    }

    private static Part inner(String name, Trace trace, long begin, long end, Attributes attributes) {
        return new Part(name, SpanKind.INTERNAL, null, trace.serverId(), false, begin, end, false, attributes);
    }

    private static Part server(ExchangeRecord exchange, RequestContext request, Trace trace, boolean query) {
        String method = method(request);
        AttributesBuilder about = Attributes.builder()
                .put(METHOD, method)
                .put(SCHEME, request.scheme())
                .put(PATH, brief(request.path()))
                .put(CLIENT, request.client().address().toString())
                .put(PEER, request.peer().toString())
                .put(PROTOCOL, request.head().version().number())
                .put(STATUS, (long) exchange.status())
                .put(ROUTE, request.route().path())
                .put(REFERENCE, exchange.reference())
                .put(OUTCOME, exchange.outcome().label());
        methodAsSent(about, request, method);
        if (!request.host().isEmpty()) {
            about.put(SERVER, request.host());
        }
        String asked = request.rawQuery();
        if (asked != null) {
            about.put(QUERY, query ? brief(asked) : REDACTED);
        }
        String agent = request.userAgent();
        if (agent != null) {
            about.put(USER_AGENT, brief(agent));
        }
        boolean failed = exchange.status() >= SERVER_ERROR;
        error(about, exchange, failed);
        return new Part(
                name(method) + ' ' + request.route().path(),
                SpanKind.SERVER,
                trace.serverId(),
                trace.parentId(),
                true,
                0,
                exchange.at(Moment.DONE),
                failed,
                about.build());
    }

    private static Part origin(ExchangeRecord exchange, RequestContext request, Trace trace, long begin, long end) {
        String method = method(request);
        AttributesBuilder about = Attributes.builder().put(METHOD, method);
        methodAsSent(about, request, method);
        String upstream = String.valueOf(exchange.upstream());
        int colon = upstream.lastIndexOf(':');
        String port = upstream.substring(colon + 1);
        if (colon > 0 && port.matches("[0-9]{1,5}")) {
            about.put(SERVER, upstream.substring(0, colon)).put(SERVER_PORT, Long.parseLong(port));
        } else {
            about.put(SERVER, upstream);
        }
        if (exchange.upstreamRetried()) {
            about.put(RESENT, 1L);
        }
        boolean answered = exchange.at(Moment.RESPONSE_STARTED) >= 0;
        if (answered) {
            about.put(STATUS, (long) exchange.status());
        }
        boolean failed = !answered || exchange.status() >= CLIENT_ERROR;
        error(about, exchange, failed);
        return new Part(
                name(method),
                SpanKind.CLIENT,
                trace.originId(),
                trace.serverId(),
                false,
                begin,
                end,
                failed,
                about.build());
    }

    private static Attributes decision(ExchangeRecord exchange, Decision decision) {
        AttributesBuilder about = Attributes.builder()
                .put(ACTION, decision.action().label())
                .put(SOURCE, decision.cause().source())
                .put(ENFORCED, exchange.enforced());
        String policy = decision.cause().policy();
        if (policy != null) {
            about.put(POLICY, brief(policy));
        }
        FailureReason failure = decision.cause().failure();
        if (failure != null) {
            about.put(ERROR, failure.label());
        }
        return about.build();
    }

    private static void error(AttributesBuilder about, ExchangeRecord exchange, boolean failed) {
        FailureReason failure = exchange.failure();
        if (failure != null) {
            about.put(ERROR, failure.label());
        } else if (failed) {
            about.put(ERROR, Integer.toString(exchange.status()));
        }
    }

    private static String method(RequestContext request) {
        return METHODS.contains(request.method()) ? request.method() : "_OTHER";
    }

    private static void methodAsSent(AttributesBuilder about, RequestContext request, String method) {
        if (!method.equals(request.method())) {
            about.put(METHOD_AS_SENT, brief(request.method()));
        }
    }

    private static String name(String method) {
        return method.equals("_OTHER") ? "HTTP" : method;
    }

    private static String brief(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
