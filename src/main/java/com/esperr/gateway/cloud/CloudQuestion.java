package com.esperr.gateway.cloud;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.esper.MitigationAction;
import com.esperr.gateway.esper.MitigationAnswer;
import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.transport.BodyWriter;
import com.esperr.gateway.transport.CallFailure;
import com.esperr.gateway.transport.CallHandle;
import com.esperr.gateway.transport.HttpCallback;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One question about one request, from asking to its one outcome; confined to the event loop that asks. It is asked a
 * second time at most, inside the same deadline and under the same idempotency key.
 *
 * <p>Only 200 is an answer: 401 and 403 mean a bad key, 429 a limit, 5xx a service in trouble, and any other status,
 * redirects included, that this is not the service we know.
 */
final class CloudQuestion implements DecisionSource.Cancellation, HttpCallback, BodyWriter {
    private static final Decision PLAIN_ALLOW = new Decision.Allow(Cause.of("cloud"));
    // Below this no answer can be expected, and the failure that is known already says more than a time-out would.
    private static final long SHORTEST_RETRY_NANOS = 5_000_000;

    private final CloudService service;
    private final RequestContext request;
    private final Deadline deadline;
    private final DecisionSink sink;
    private final int permit;
    private final long asked;

    private @Nullable CallHandle call;
    private boolean retried;
    private boolean done;

    CloudQuestion(CloudService service, RequestContext request, Deadline deadline, DecisionSink sink, int permit) {
        this.service = service;
        this.request = request;
        this.deadline = deadline;
        this.sink = sink;
        this.permit = permit;
        this.asked = service.now();
    }

    /** Sends the question; true if its outcome is there already. */
    boolean ask() {
        CallHandle handle = service.client().call(service.prepared(), this, deadline.nanos(), this);
        if (handle != null) {
            call = handle;
        }
        return done;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        service.writer().write(request, out);
    }

    @Override
    public void cancel() {
        if (!done) {
            done = true;
            service.breaker().released(permit);
            service.limit().released();
            if (call != null) {
                call.cancel();
            }
        }
    }

    @Override
    public void answered(int status, Fields fields, byte[] body) {
        if (status == 200) {
            read(fields, body);
            return;
        }
        String retryAfter = fields.get("retry-after");
        // A service that says when to come back is not asked again at once.
        if ((status == 502 || status == 503 || status == 504) && retryAfter == null && mayRetry(service.idempotent())) {
            retry();
            return;
        }
        switch (status) {
            case 401, 403 -> {
                service.log().unauthorized(status, body);
                unanswered(FailureReason.DECISION_UNAUTHORIZED, "status " + status);
            }
            case 429 -> {
                service.log().status(status, body);
                service.pause().refused(retryAfter);
                unanswered(FailureReason.DECISION_RATE_LIMITED, "status " + status);
            }
            default -> {
                service.log().status(status, body);
                boolean theirs = status >= 500 && status < 600;
                failed(
                        theirs ? FailureReason.DECISION_SERVER_ERROR : FailureReason.DECISION_MALFORMED,
                        "status " + status);
            }
        }
    }

    @Override
    public void failed(CallFailure failure) {
        boolean broken = switch (failure.kind()) {
            case CONNECT -> mayRetry(true);
            case CLOSED, TRUNCATED -> mayRetry(service.idempotent());
            case TIMEOUT, MALFORMED, TOO_LARGE, OVERLOAD, DEFECT -> false;
        };
        if (broken) {
            retry();
            return;
        }
        switch (failure.kind()) {
            case CONNECT, CLOSED, TRUNCATED -> failed(FailureReason.DECISION_CONNECT, failure.detail());
            case TIMEOUT -> late(failure.detail());
            case MALFORMED, TOO_LARGE -> failed(FailureReason.DECISION_MALFORMED, failure.detail());
            case OVERLOAD -> unasked(FailureReason.DECISION_OVERLOAD, failure.detail());
            case DEFECT -> unasked(FailureReason.DECISION_MALFORMED, failure.detail());
        }
    }

    private void read(Fields fields, byte[] body) {
        service.log().authorized();
        MitigationAnswer answer;
        try {
            answer = service.reader().read(body, fields, request.authority());
        } catch (FailureException e) {
            String detail = String.valueOf(e.getMessage());
            service.log().unusable(detail, body);
            if (e.reason() == FailureReason.CHALLENGE_UNUSABLE) {
                unanswered(e.reason(), detail);
            } else {
                failed(e.reason(), detail);
            }
            return;
        }
        service.breaker().succeeded(permit);
        service.limit().answered();
        service.pause().answered();
        service.counts().answered(answer.action());
        done = true;
        sink.decided(decision(answer));
    }

    private static Decision decision(MitigationAnswer answer) {
        if (answer.action() == MitigationAction.ALLOW && answer.decisionId() == null && answer.reason() == null) {
            return PLAIN_ALLOW;
        }
        Cause cause = new Cause("cloud", null, null, answer.decisionId(), answer.reason(), null, null);
        String redirectUrl = answer.redirectUrl();
        return switch (answer.action()) {
            case ALLOW -> new Decision.Allow(cause);
            case BLOCK -> new Decision.Block(cause);
            case CHALLENGE -> new Decision.Challenge(redirectUrl == null ? "" : redirectUrl, cause);
        };
    }

    private boolean mayRetry(boolean harmless) {
        return harmless && !retried && service.retry() && deadline.remaining(service.now()) > SHORTEST_RETRY_NANOS;
    }

    private void retry() {
        retried = true;
        service.counts().retried();
        ask();
    }

    /** The service is well, but this is no decision. */
    private void unanswered(FailureReason reason, String detail) {
        service.breaker().succeeded(permit);
        if (reason == FailureReason.DECISION_RATE_LIMITED) {
            service.limit().congested(asked);
        } else {
            service.limit().answered();
        }
        end(reason, detail);
    }

    /** The service is not well. */
    private void failed(FailureReason reason, String detail) {
        service.breaker().failed(permit);
        service.limit().released();
        end(reason, detail);
    }

    /** The service did not answer in time. */
    private void late(String detail) {
        service.breaker().failed(permit);
        service.limit().congested(asked);
        end(FailureReason.DECISION_TIMEOUT, detail);
    }

    /** The question never reached the service. */
    private void unasked(FailureReason reason, String detail) {
        service.breaker().released(permit);
        service.limit().released();
        end(reason, detail);
    }

    private void end(FailureReason reason, String detail) {
        done = true;
        service.counts().failed(reason);
        sink.failed(reason, detail);
    }
}
