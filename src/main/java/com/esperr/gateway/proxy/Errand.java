package com.esperr.gateway.proxy;

import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * What one request is about: itself, which is what the methods here do, or another one that a proxy asks about. Confined to the
 * event loop of its exchange.
 */
interface Errand {
    /** A request that is about itself. */
    Errand VISIT = new Errand() {
        @Override
        public @Nullable LocalReply answer(Decision made, RequestContext request, ExchangeServices services) {
            return services.enforcer().replyToVisitor(made, request);
        }
    };

    /** Holds what has to come behind the head before more is known, and runs {@code ready} then; null if nothing has. */
    default @Nullable Held message(ClientStream client, ExchangeServices services, Runnable ready) {
        return null;
    }

    /**
     * The request that is decided on.
     *
     * @throws FailureException if none can be
     */
    default RequestContext about(RequestHead received, ClientStream client, ExchangeServices services) {
        RequestContext request = services.contexts().of(received, client.peer(), client.scheme());
        request.tls(client.tls());
        return request;
    }

    /** What is known of a request that is refused for what came behind its head, or null if that is wrong as well. */
    static @Nullable RequestContext refused(RequestHead received, ClientStream client, ExchangeServices services) {
        try {
            return VISIT.about(received, client, services);
        } catch (FailureException alsoWrong) {
            return null;
        }
    }

    /**
     * The answer without a decision, or null.
     *
     * @throws FailureException if it can go no way
     */
    default @Nullable LocalReply early(RequestHead received, RequestContext request, ExchangeServices services) {
        return services.entrance().early().answer(received, request);
    }

    /** Whether the request is here with all that belongs to it, so that it can be kept, and forwarded. */
    default boolean here() {
        return true;
    }

    /** What becomes of {@code made} where the origin has more to do than it can. */
    default Decision weighed(Decision made, RequestContext request, ExchangeServices services) {
        return here()
                ? services.overload()
                        .weighed(made, request, services.upstreams().of(request))
                : made;
    }

    /** The reply that {@code made} asks for, or null if the request is to be forwarded. */
    default @Nullable LocalReply reply(Decision made, RequestContext request, ExchangeServices services) {
        LocalReply reply = answer(made, request, services);
        if (reply != null) {
            services.overload().spared(made, request, services.upstreams());
        }
        return reply;
    }

    /** The answer itself, as it may be passed on by whoever asks. */
    default @Nullable LocalReply answer(Decision made, RequestContext request, ExchangeServices services) {
        return services.enforcer().reply(made, request);
    }

    /** How it ends with an answer that needed no decision. */
    default Outcome earlyOutcome() {
        return Outcome.ANSWERED;
    }

    /** How it ends with a reply to {@code made}, which is carried out or not. */
    default Outcome outcome(Decision made, boolean enforced) {
        return here() ? Outcome.of(made) : enforced ? Outcome.of(made).asTold() : Outcome.ALLOWED;
    }

    /** A reply as it leaves here. */
    default LocalReply leaving(LocalReply reply) {
        return reply;
    }
}
