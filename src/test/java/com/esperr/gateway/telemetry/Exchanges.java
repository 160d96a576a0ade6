package com.esperr.gateway.telemetry;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Moment;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.exchange.Timeline;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingHeader;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.request.Routes;
import java.util.List;

/** Makes records of exchanges: a forwarded one without a request, unless told otherwise. */
final class Exchanges {
    private static final long STARTED = 1_709_210_096_089L;
    private static final RequestContexts CONTEXTS = new RequestContexts(
            new ClientAddressRules(CidrSet.parse(List.of("192.0.2.0/24")), ForwardingHeader.X_FORWARDED_FOR),
            new PathRules(PathOptions.STRICT),
            Routes.NONE,
            "test",
            () -> STARTED);

    private final Timeline timeline = new Timeline(0);
    private RequestContext request;
    private String peer = "192.0.2.7";
    private int status = 200;
    private Outcome outcome = Outcome.FORWARDED;
    private Decision decision;
    private boolean enforced = true;
    private FailureReason failure;
    private String detail;
    private String upstream;

    private Exchanges() {
        at(Moment.DONE, 5_000_000);
    }

    static Exchanges of() {
        return new Exchanges();
    }

    static Cause policy(String source, String policy) {
        return new Cause(source, policy, null, null, null, null, null);
    }

    static Cause observed(String source, String policy, Action observed) {
        return new Cause(source, policy, null, null, null, null, observed);
    }

    /** A GET of {@code target} with these header lines, name and value in turn, from 192.0.2.7 behind a trusted proxy. */
    static RequestContext get(String target, String... lines) {
        Fields.Builder fields = Fields.builder(lines.length);
        for (int i = 0; i < lines.length; i += 2) {
            fields.add(lines[i], lines[i + 1]);
        }
        RequestHead head =
                new RequestHead("GET", target, HttpVersion.HTTP_1_1, fields.build(), BodyLength.NONE, true, false);
        return CONTEXTS.of(head, IpAddress.parse("192.0.2.7"), "http");
    }

    Exchanges request(RequestContext context) {
        request = context;
        return this;
    }

    Exchanges peer(String address) {
        peer = address;
        return this;
    }

    Exchanges answer(Outcome how, int code) {
        outcome = how;
        status = code;
        return this;
    }

    Exchanges decided(Decision what) {
        decision = what;
        return this;
    }

    Exchanges watched() {
        enforced = false;
        return this;
    }

    Exchanges failed(FailureReason reason, String sentence) {
        failure = reason;
        detail = sentence;
        return this;
    }

    Exchanges from(String origin) {
        upstream = origin;
        return this;
    }

    Exchanges at(Moment moment, long nanos) {
        timeline.mark(moment, nanos);
        return this;
    }

    ExchangeRecord record() {
        return new ExchangeRecord(
                request,
                "0123456789",
                peer,
                STARTED,
                timeline,
                status,
                outcome,
                decision,
                enforced,
                failure,
                detail,
                upstream,
                true,
                false,
                12,
                3456);
    }
}
