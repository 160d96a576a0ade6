package com.esperr.gateway.proxy;

import com.esperr.gateway.challenge.KeptRequest;
import com.esperr.gateway.challenge.KeptRequests;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.request.RequestContext;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has a request outlive the challenge that its visitor is sent to: its body comes and is kept before he is answered; confined to
 * the event loop of its exchange.
 */
final class Survival {
    private final ExchangeServices services;
    private final Consumer<LocalReply> answer;
    private @Nullable KeptBody body;

    /** Of a request whose visitor gets what {@code answer} is told, which may be later. */
    Survival(ExchangeServices services, Consumer<LocalReply> answer) {
        this.services = services;
        this.answer = answer;
    }

    /** The request that was kept, as if its visitor had sent it now, when he has come {@code back} for it. */
    RequestContext again(ClientStream client, RequestHead now, RequestContext back, KeptRequest kept) {
        RequestHead head = kept.head(now, back.forwardTarget());
        RequestContext request = services.contexts().of(head, client.peer(), client.scheme());
        request.tls(client.tls());
        services.bodies().look(request, kept.body());
        return request;
    }

    /** Whether {@code reply} has to wait until the body of {@code request} has come and is kept. */
    boolean begins(Decision made, RequestContext request, LocalReply reply) {
        body = services.enforcer()
                .kept(made, request, reply, services.admission().kept());
        return body != null;
    }

    /** Takes a piece of the body. */
    void takes(ByteBuf data) {
        KeptBody coming = body;
        if (coming == null) {
            data.release();
        } else if (!coming.takes(data)) {
            requests().overflow();
            answer.accept(coming.tooLarge());
        }
    }

    /** The body has come. */
    void ended(RequestContext request) {
        KeptBody whole = body;
        if (whole == null) {
            return;
        }
        requests().keep(request, whole.bytes(), new KeptRequests.Sink() {
            @Override
            public void kept(String cookie) {
                answer.accept(whole.reply().andCookie(cookie));
            }

            @Override
            public void lost() {
                answer.accept(whole.reply());
            }
        });
    }

    /** Lets go of what has come. */
    void close() {
        if (body != null) {
            body.close();
            body = null;
        }
    }

    private KeptRequests requests() {
        KeptRequests requests = services.admission().kept();
        if (requests == null) {
            throw new IllegalStateException("kept requests: none (expected: those that made room)");
        }
        return requests;
    }
}
