package com.esperr.gateway.proxy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.ClientForm;
import com.esperr.gateway.http.CrossOrigin;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.request.RequestContext;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Turns a decision, or a failure, into the reply the client understands; the only place that does. Immutable. */
final class Enforcer {
    private final boolean monitor;
    private final LocalReplies replies;
    private final BiPredicate<RequestContext, Decision.Challenge> loops;

    /** {@code loops} says whether one more challenge would lead the visitor nowhere. */
    Enforcer(boolean monitor, LocalReplies replies, BiPredicate<RequestContext, Decision.Challenge> loops) {
        this.monitor = monitor;
        this.replies = replies;
        this.loops = loops;
    }

    /** Whether {@code decision} is carried out on {@code request}. */
    boolean enforces(Decision decision, RequestContext request) {
        // A preflight carries no cookies, so it could never show that its challenge was passed.
        return !monitor && !(decision.action() == Action.CHALLENGE && form(request) == ClientForm.PREFLIGHT);
    }

    /** The reply that {@code decision} asks for, or null if the request is to be forwarded. */
    @Nullable
    LocalReply reply(Decision decision, RequestContext request) {
        if (decision instanceof Decision.Allow || !enforces(decision, request)) {
            return null;
        }
        if (decision instanceof Decision.Admit admit) {
            return replies.admitted(request.reference(), admit.location(), admit.cookie());
        }
        if (decision instanceof Decision.Challenge challenge) {
            if (form(request) == ClientForm.HTML && loops.test(request, challenge)) {
                return replies.challengedInVain(request.reference());
            }
            return readable(
                    replies.challenge(form(request), request.method(), request.reference(), challenge.redirectUrl()),
                    form(request),
                    request.fields());
        }
        return readable(replies.blocked(form(request), request.reference()), form(request), request.fields());
    }

    /** The reply to an OPTIONS request that may go no further. */
    LocalReply options(RequestContext request) {
        return replies.options(request.reference());
    }

    /** The reply to a request that cannot be served. */
    LocalReply failure(FailureReason reason, @Nullable RequestHead head, String reference) {
        ClientForm form =
                head == null ? ClientForm.of("GET", Fields.EMPTY) : ClientForm.of(head.method(), head.fields());
        LocalReply reply = replies.failure(form, reason.status(), reference);
        return head == null ? reply : readable(reply, form, head.fields());
    }

    private static LocalReply readable(LocalReply reply, ClientForm form, Fields request) {
        return form == ClientForm.HTML || form == ClientForm.PREFLIGHT ? reply : CrossOrigin.readable(reply, request);
    }

    private static ClientForm form(RequestContext request) {
        return ClientForm.of(request.method(), request.fields());
    }
}
