package com.esperr.gateway.proxy;

import com.esperr.gateway.authz.CheckRequest;
import com.esperr.gateway.authz.CheckResponse;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.ClientForm;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Envoy asks over gRPC whether a request may pass. An answer is a message, also that a request is one which is refused; a failure
 * of ours is a status of the call, so that Envoy does what it was told to do when nobody answers. Confined to the event loop of its
 * exchange.
 */
final class CheckCall implements Errand {
    /** What is put around the head: names of fields, and the body, if Envoy was told to send some of it. */
    private static final int ROOM = 1 << 20;

    private final LocalReplies replies;
    private @Nullable Gathering gathering;
    private @Nullable RequestHead asked;
    private @Nullable UnaryOperator<LocalReply> refusal;
    private boolean answered;

    CheckCall(LocalReplies replies) {
        this.replies = replies;
    }

    @Override
    public Held message(ClientStream client, ExchangeServices services, Runnable ready) {
        long patience = services.limits().headerTimeout().toNanos();
        int most = services.limits().decoder().headerBytes() + ROOM;
        Gathering begun = new Gathering(client, most, services.clock().nanos() + patience, ready);
        gathering = begun;
        return begun;
    }

    @Override
    public RequestContext about(RequestHead received, ClientStream client, ExchangeServices services) {
        AuthzErrands.admit(client, services);
        Gathering here = gathering;
        if (here == null || here.late()) {
            throw new FailureException(
                    FailureReason.REQUEST_TIMEOUT, "message not complete within limits.header-timeout");
        }
        if (here.tooLong()) {
            throw new FailureException(FailureReason.BODY_TOO_LARGE, "check request: longer than it may be");
        }
        CheckRequest check = CheckRequest.read(here.bytes());
        Peer source = Peer.asked(check.source());
        RequestHead head = null;
        try {
            head = check.head(services.limits().decoder());
            asked = head;
            return services.contexts().of(head, source, check.scheme());
        } catch (FailureException refused) {
            refused(refused.reason(), head, services);
            throw refused;
        }
    }

    /** Were it a failed call, a visitor could choose to send what is not decided on, and pass where failures let pass. */
    private void refused(FailureReason reason, @Nullable RequestHead head, ExchangeServices services) {
        refusal = told -> services.enforcer()
                .failure(reason, head, String.valueOf(told.fields().get("esper-reference")));
    }

    @Override
    public @Nullable LocalReply early(RequestHead received, RequestContext request, ExchangeServices services) {
        try {
            return Errand.super.early(received, request, services);
        } catch (FailureException planned) {
            refused(planned.reason(), asked, services);
            throw planned;
        }
    }

    @Override
    public boolean here() {
        return false;
    }

    @Override
    public LocalReply reply(Decision made, RequestContext request, ExchangeServices services) {
        answered = true;
        LocalReply reply = services.enforcer().reply(made, request);
        if (reply == null) {
            return allowed(made, request, services);
        }
        boolean passes = reply.status() < 300 && made instanceof Decision.Reply;
        return CheckResponse.denied(
                passes
                        ? replies.failure(ClientForm.of(request.method(), request.fields()), 403, request.reference())
                        : reply);
    }

    /** The origin sees the visitor's passes and proofs as little as behind us. */
    private LocalReply allowed(Decision made, RequestContext request, ExchangeServices services) {
        Fields.Builder fields = Enquiry.told(made, request, services);
        List<String> removed = new ArrayList<>();
        Fields before = asked == null ? null : asked.fields();
        for (FieldName name : List.of(FieldName.COOKIE, FieldName.REFERER)) {
            String was = before == null ? null : before.get(name);
            String is = request.fields().get(name);
            if (was != null && is == null) {
                removed.add(name.text());
            } else if (is != null && !is.equals(was)) {
                fields.add(name, is);
            }
        }
        return CheckResponse.allowed(fields.build(), removed);
    }

    @Override
    public LocalReply leaving(LocalReply reply) {
        if (refusal != null) {
            return CheckResponse.denied(refusal.apply(reply));
        }
        // What is no message by now is a failure, and the call's own form says so in a status.
        return answered || reply.fields().contains("grpc-status")
                ? reply
                : replies.failure(
                        ClientForm.GRPC, 503, String.valueOf(reply.fields().get("esper-reference")));
    }
}
