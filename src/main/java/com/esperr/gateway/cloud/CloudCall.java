package com.esperr.gateway.cloud;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.transport.CallFailure;
import com.esperr.gateway.transport.CallHandle;
import com.esperr.gateway.transport.HttpCallback;
import org.jspecify.annotations.Nullable;

/**
 * One call to the service, from asking to its one outcome; confined to the event loop that asks. It is made a second time
 * at most, inside the same deadline.
 *
 * <p>What its errand does not take for an answer is none: 401 and 403 mean a bad key, 429 a limit, 5xx a service in trouble,
 * and any other status, redirects included, that this is not the service we know.
 */
final class CloudCall implements DecisionSource.Cancellation, HttpCallback {
    // Below this no answer can be expected, and the failure that is known already says more than a time-out would.
    private static final long SHORTEST_RETRY_NANOS = 5_000_000;

    private final CloudService service;
    private final Errand errand;
    private final Deadline deadline;
    private final int permit;
    private final long asked;

    private @Nullable CallHandle call;
    private boolean retried;
    private boolean done;

    CloudCall(CloudService service, Errand errand, Deadline deadline, int permit) {
        this.service = service;
        this.errand = errand;
        this.deadline = deadline;
        this.permit = permit;
        this.asked = service.now();
    }

    /** Sends it; true if its outcome is there already. */
    boolean ask() {
        CallHandle handle = service.client().call(errand.prepared(), errand, deadline.nanos(), this);
        if (handle != null) {
            call = handle;
        }
        return done;
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
        if (errand.answers(status)) {
            read(status, fields, body);
            return;
        }
        String retryAfter = fields.get("retry-after");
        // A service that says when to come back is not asked again at once.
        if ((status == 502 || status == 503 || status == 504) && retryAfter == null && mayRetry(errand.idempotent())) {
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
            case CLOSED, TRUNCATED -> mayRetry(errand.idempotent());
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

    private void read(int status, Fields fields, byte[] body) {
        if (status < 300) {
            service.log().authorized();
        }
        Runnable told;
        try {
            told = errand.read(status, fields, body);
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
        done = true;
        told.run();
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
        errand.failed(reason, detail);
    }
}
