package com.esperr.gateway.cloud;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.esper.MitigationAction;
import com.esperr.gateway.esper.MitigationAnswer;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.transport.PreparedCall;
import java.io.IOException;
import java.io.OutputStream;

/**
 * One question about one request; confined to the event loop that asks. A second time it is asked under the same idempotency
 * key. Only 200 is an answer.
 */
final class CloudQuestion implements Errand {
    private static final Decision PLAIN_ALLOW = new Decision.Allow(Cause.of("cloud"));

    private final CloudService service;
    private final RequestContext request;
    private final DecisionSink sink;

    CloudQuestion(CloudService service, RequestContext request, DecisionSink sink) {
        this.service = service;
        this.request = request;
        this.sink = sink;
    }

    @Override
    public PreparedCall prepared() {
        return service.prepared();
    }

    @Override
    public boolean idempotent() {
        return service.idempotent();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        service.writer().write(request, out);
    }

    @Override
    public boolean answers(int status) {
        return status == 200;
    }

    @Override
    public Runnable read(int status, Fields fields, byte[] body) {
        MitigationAnswer answer = service.reader().read(body, fields, request.authority());
        service.counts().answered(answer.action());
        return () -> sink.decided(decision(answer));
    }

    @Override
    public void failed(FailureReason reason, String detail) {
        service.counts().failed(reason);
        sink.failed(reason, detail);
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
}
