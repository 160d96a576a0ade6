package com.esperr.gateway.proxy;

import com.esperr.gateway.attestation.Attestations;
import com.esperr.gateway.authz.AuthzConfig;
import com.esperr.gateway.authz.Delivery;
import com.esperr.gateway.authz.OriginalRequest;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.ClientForm;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/** A proxy asks over HTTP whether a request may pass. Confined to the event loop of its exchange. */
final class Enquiry implements Errand {
    private final AuthzConfig config;
    private final LocalReplies replies;
    private final DecoderLimits limits;
    private @Nullable String later;

    Enquiry(AuthzConfig config, LocalReplies replies, DecoderLimits limits) {
        this.config = config;
        this.replies = replies;
        this.limits = limits;
    }

    @Override
    public RequestContext about(RequestHead received, ClientStream client, ExchangeServices services) {
        AuthzErrands.admit(client, services);
        RequestHead original = OriginalRequest.of(received, config, limits);
        return services.contexts().of(original, client.peer(), client.scheme());
    }

    @Override
    public @Nullable LocalReply early(RequestHead received, RequestContext request, ExchangeServices services) {
        try {
            return Errand.super.early(received, request, services);
        } catch (FailureException planned) {
            // To be told from a failure, with which some proxies let requests pass.
            later = Delivery.later(request.idempotencyKey());
            throw planned;
        }
    }

    @Override
    public boolean here() {
        return false;
    }

    @Override
    public LocalReply reply(Decision made, RequestContext request, ExchangeServices services) {
        if (made instanceof Decision.Allow || !services.enforcer().enforces(made, request)) {
            return allowed(told(made, request, services));
        }
        if (config.profile().delivers()) {
            return announced(made, request);
        }
        LocalReply reply = services.enforcer().reply(made, request);
        return reply == null ? allowed(told(made, request, services)) : unlikeAllow(reply, request);
    }

    /** 200, with what the origin is to be told. */
    private static LocalReply allowed(Fields.Builder fields) {
        fields.add("Content-Length", "0").add("Cache-Control", "no-store");
        return new LocalReply(200, fields.build(), new byte[0]);
    }

    /** What the proxy is to tell the origin when {@code request} passes. */
    static Fields.Builder told(Decision made, RequestContext request, ExchangeServices services) {
        Fields.Builder fields = Fields.builder(4).add("Esper-Reference", request.reference());
        String attestation = services.requests().attestation(request, made);
        if (attestation != null) {
            fields.add(Attestations.FIELD, attestation);
        }
        FailureReason failure = made.cause().failure();
        // Always said: a proxy that copies a field that is missing may let the visitor's pass.
        return fields.add("Esper-Decision", failure == null ? "allow" : "fail-open; reason=" + failure.label());
    }

    /** 403 or 401, with what the page can be fetched for: this one's is dropped, and nothing but these two is understood. */
    private LocalReply announced(Decision made, RequestContext request) {
        String answer = Delivery.text(request.idempotencyKey(), made);
        boolean redirects = answer != null && !(made instanceof Decision.Block);
        Fields.Builder fields = Fields.builder(4)
                .add("Content-Length", "0")
                .add("Cache-Control", "no-store")
                .add("Esper-Reference", request.reference());
        if (answer != null) {
            fields.add(Delivery.FIELD, answer);
        }
        return new LocalReply(redirects ? 401 : 403, fields.build(), new byte[0]);
    }

    /** A page of ours that should have been asked for directly: 2xx would let the request pass, and to the origin. */
    private LocalReply unlikeAllow(LocalReply reply, RequestContext request) {
        boolean passes = reply.status() < 300;
        return passes
                ? replies.failure(ClientForm.of(request.method(), request.fields()), 403, request.reference())
                : reply;
    }

    @Override
    public LocalReply leaving(LocalReply reply) {
        if (later != null) {
            LocalReply marked = reply.with("esper-answer", later);
            return config.profile().delivers() ? new LocalReply(401, marked.fields(), marked.body()) : marked;
        }
        // Whatever else nginx is told, its visitor gets 500.
        boolean strange = reply.status() >= 400 && reply.status() < 500 && reply.status() != 401;
        return config.profile().delivers() && strange ? new LocalReply(403, reply.fields(), reply.body()) : reply;
    }
}
