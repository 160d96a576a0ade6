package com.esperr.gateway.proxy;

import static java.util.Objects.requireNonNull;

import com.esperr.gateway.authz.AuthzConfig;
import com.esperr.gateway.authz.Delivery;
import com.esperr.gateway.authz.OriginalRequest;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.ClientForm;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * A proxy asks for what its visitor is shown, after it was told that his request may not pass. Nothing is decided, or told to
 * policies, a second time. Confined to the event loop of its exchange.
 */
final class DeliveryErrand implements Errand {
    private final AuthzConfig config;
    private final LocalReplies replies;
    private @Nullable Delivery delivery;

    DeliveryErrand(AuthzConfig config, LocalReplies replies) {
        this.config = config;
        this.replies = replies;
    }

    @Override
    public RequestContext about(RequestHead received, ClientStream client, ExchangeServices services) {
        AuthzErrands.admit(client, services);
        Delivery told = Delivery.parse(received.fields().get(Delivery.FIELD));
        RequestHead original =
                OriginalRequest.of(received, config, services.limits().decoder());
        delivery = told;
        return services.contexts().again(original, client.peer(), client.scheme(), told.id());
    }

    @Override
    public LocalReply early(RequestHead received, RequestContext request, ExchangeServices services) {
        Decision told = requireNonNull(delivery).decision();
        if (told == null) {
            return services.enforcer().failure(FailureReason.MAINTENANCE, received, request.reference());
        }
        LocalReply reply = services.enforcer().reply(told, request);
        // What is enforced has changed since; the proxy has an answer and keeps to it.
        return reply == null
                ? replies.blocked(ClientForm.of(request.method(), request.fields()), request.reference())
                : reply;
    }

    @Override
    public Outcome earlyOutcome() {
        return Outcome.DELIVERED;
    }

    @Override
    public boolean here() {
        return false;
    }
}
