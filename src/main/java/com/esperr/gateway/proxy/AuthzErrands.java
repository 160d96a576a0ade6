package com.esperr.gateway.proxy;

import com.esperr.gateway.authz.AuthzConfig;
import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.hosting.GatewayReception;
import com.esperr.gateway.http.ClientForm;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What comes to a listener where a proxy asks about its requests (section {@code authz}). Immutable. */
final class AuthzErrands implements Errands {
    private static final Logger LOG = LoggerFactory.getLogger(AuthzErrands.class);

    private final AuthzConfig config;
    private final LocalReplies replies;
    private final OwnPages ownPages;

    /**
     * As {@code config} says.
     *
     * @param reception for the pages of challenges, which the proxy passes on, or null if there are none
     */
    AuthzErrands(AuthzConfig config, LocalReplies replies, @Nullable GatewayReception reception) {
        this.config = config;
        this.replies = replies;
        this.ownPages = new OwnPages(replies, reception);
    }

    @Override
    public Errand of(RequestHead received, ExchangeServices services) {
        return switch (config.kind(received.target())) {
            case ENQUIRY -> new Enquiry(config, replies, services.limits().decoder());
            case DELIVERY -> new DeliveryErrand(config, replies);
            case CALL -> received.version() == HttpVersion.HTTP_2 ? new CheckCall(replies) : ownPages;
            case OTHER -> ownPages;
        };
    }

    /** Refuses whoever is no proxy of ours: anybody could say of anybody what he likes. */
    static void admit(ClientStream client, ExchangeServices services) {
        if (!services.contexts().trusts(client.peer())) {
            // At the same proxy it is the same for every visitor, so that it is said; the log leaves out repetitions.
            LOG.warn(
                    "authz: {} asks as a proxy and is refused, as client.trusted-proxies does not have it (expected: the"
                            + " address of your proxy there, and nobody else at this listener)",
                    client.peer().address());
            throw new FailureException(
                    FailureReason.UNTRUSTED_PROXY,
                    client.peerText() + " asks as a proxy (expected: one of client.trusted-proxies)");
        }
    }

    /** Requests that the proxy passes on to us because they are for pages of ours. */
    private record OwnPages(LocalReplies replies, @Nullable GatewayReception reception) implements Errand {
        @Override
        public @Nullable LocalReply early(RequestHead received, RequestContext request, ExchangeServices services) {
            if (reception != null && reception.takes(request)) {
                return null;
            }
            ClientForm form = ClientForm.of(request.method(), request.fields());
            return replies.failure(form, 404, request.reference());
        }
    }
}
