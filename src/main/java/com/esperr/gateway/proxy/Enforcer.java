package com.esperr.gateway.proxy;

import com.esperr.gateway.challenge.KeptRequests;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.hosting.GatewayReception;
import com.esperr.gateway.http.Authority;
import com.esperr.gateway.http.ClientForm;
import com.esperr.gateway.http.CrossOrigin;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.page.Notice;
import com.esperr.gateway.page.PageFile;
import com.esperr.gateway.page.PageReplies;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.page.Reader;
import com.esperr.gateway.request.RequestContext;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Turns a decision, or a failure, into the reply the client understands; the only place that does. Immutable. */
final class Enforcer {
    private final EnforcementRule rule;
    private final int unknownHost;
    private final LocalReplies replies;
    private final Pages pages;
    private final MaintenanceConfig maintenance;
    private final @Nullable GatewayReception reception;
    private final BiPredicate<RequestContext, Decision.Challenge> loops;
    private final Predicate<RequestContext> tooLarge;

    /**
     * What is told, and how.
     *
     * @param monitor whether nothing is enforced
     * @param unknownHost the status for a host that no site has
     * @param replies what programs are told
     * @param pages what people are told
     * @param maintenance what they are told during maintenance
     * @param reception challenges that are held here, or null if none are
     * @param loops whether one more challenge would lead the visitor nowhere
     * @param tooLarge whether what the visitor has sent would be lost with a challenge, as it is too large to be kept
     */
    Enforcer(
            boolean monitor,
            int unknownHost,
            LocalReplies replies,
            Pages pages,
            MaintenanceConfig maintenance,
            @Nullable GatewayReception reception,
            BiPredicate<RequestContext, Decision.Challenge> loops,
            Predicate<RequestContext> tooLarge) {
        this.tooLarge = tooLarge;
        this.rule = new EnforcementRule(monitor);
        this.unknownHost = unknownHost;
        this.replies = replies;
        this.pages = pages;
        this.maintenance = maintenance;
        this.reception = reception;
        this.loops = loops;
    }

    /** Whether {@code decision} is carried out on {@code request}. */
    boolean enforces(Decision decision, RequestContext request) {
        return rule.enforces(decision, request);
    }

    /** The reply that {@code decision} asks for, or null if the request is to be forwarded; for somebody who passes it on. */
    @Nullable
    LocalReply reply(Decision decision, RequestContext request) {
        return reply(decision, request, null);
    }

    /** The same for the visitor himself, who may get it compressed. */
    @Nullable
    LocalReply replyToVisitor(Decision decision, RequestContext request) {
        return reply(decision, request, codings(request.fields()));
    }

    private @Nullable LocalReply reply(Decision decision, RequestContext request, @Nullable String codings) {
        if (decision instanceof Decision.Reply ours) {
            return ours.reply();
        }
        if (decision instanceof Decision.Allow || !enforces(decision, request)) {
            return null;
        }
        if (decision instanceof Decision.Admit admit) {
            return replies.admitted(request.reference(), admit.location(), admit.cookie());
        }
        if (decision instanceof Decision.Challenge challenge) {
            return challenge(challenge, request, codings);
        }
        return form(request) == ClientForm.HTML
                ? notice(Notice.BLOCKED, 403, reader(request, codings), Fields.EMPTY)
                : readable(replies.blocked(form(request), request.reference()), form(request), request.fields());
    }

    private LocalReply challenge(Decision.Challenge challenge, RequestContext request, @Nullable String codings) {
        String redirectUrl = challenge.redirectUrl();
        ClientForm form = form(request);
        if (form == ClientForm.HTML && loops.test(request, challenge)) {
            return notice(Notice.COOKIES, 403, reader(request, codings), extra(403, "120"));
        }
        if (tooLarge.test(request)) {
            return notKept(challenge, request);
        }
        if (form == ClientForm.HTML && reception != null && reception.holds(redirectUrl)) {
            return reception.page(request);
        }
        return readable(
                replies.challenge(form, request.method(), request.reference(), redirectUrl), form, request.fields());
    }

    /**
     * What is to be kept of {@code request} before its visitor gets {@code reply}, or null if he gets it at once. If the whole
     * would be too much, he is told so before he sets about the challenge: what is answered then is in place of {@code reply}.
     */
    @Nullable
    KeptBody kept(Decision decision, RequestContext request, LocalReply reply, @Nullable KeptRequests requests) {
        if (requests == null
                || !(decision instanceof Decision.Challenge challenge)
                || requests.offer(request) != KeptRequests.Offer.KEEP) {
            return null;
        }
        KeptRequests.Room room = requests.room(request);
        return room == null ? null : new KeptBody(room, reply, notKept(challenge, request));
    }

    private LocalReply notKept(Decision.Challenge challenge, RequestContext request) {
        return replies.notKept(request.reference(), challenge.redirectUrl());
    }

    /** The reply to a request that cannot be served. */
    LocalReply failure(FailureReason reason, @Nullable RequestHead head, String reference) {
        int status = reason == FailureReason.UNKNOWN_HOST ? unknownHost : reason.status();
        Fields fields = head == null ? Fields.EMPTY : head.fields();
        ClientForm form = head == null ? ClientForm.of("GET", Fields.EMPTY) : ClientForm.of(head.method(), fields);
        String retryAfter = retryAfter(reason, status);
        if (form != ClientForm.HTML) {
            Fields extra = retryAfter == null
                    ? Fields.EMPTY
                    : Fields.builder(1).add("Retry-After", retryAfter).build();
            return readable(replies.failure(form, status, reference, extra), form, fields);
        }
        PageFile own = maintenance.page() != null && reason == FailureReason.MAINTENANCE
                ? maintenance.page()
                : pages.file(status);
        if (own != null) {
            return own.reply(status, reference, extra(status, retryAfter));
        }
        String asked = fields.get(FieldName.HOST);
        Authority host = asked == null ? null : Authority.parseOrNull(asked);
        String site = host == null ? "" : host.host();
        Reader reader = new Reader(site, reference, fields.get(FieldName.ACCEPT_LANGUAGE));
        return notice(Notice.of(status), status, reader, extra(status, retryAfter));
    }

    private @Nullable String retryAfter(FailureReason reason, int status) {
        boolean planned = reason == FailureReason.MAINTENANCE || reason == FailureReason.PAUSED;
        return planned ? maintenance.retryAfterSeconds() : status == 503 ? "2" : null;
    }

    private LocalReply notice(Notice what, int status, Reader reader, Fields extra) {
        return PageReplies.of(pages.notice(what, status, reader, null), status, reader.reference(), extra);
    }

    private static Fields extra(int status, @Nullable String retryAfter) {
        Fields.Builder extra = Fields.builder(2);
        if (retryAfter != null) {
            extra.add("Retry-After", retryAfter);
        }
        if (status == 405) {
            extra.add("Allow", LocalReplies.ALLOWED);
        }
        return extra.build();
    }

    private static Reader reader(RequestContext request, @Nullable String codings) {
        return new Reader(
                request.host(), request.reference(), request.fields().get(FieldName.ACCEPT_LANGUAGE), codings);
    }

    /** The codings that a visitor accepts, or null if he does not say so in one line. */
    private static @Nullable String codings(Fields fields) {
        return fields.count(FieldName.ACCEPT_ENCODING) == 1 ? fields.get(FieldName.ACCEPT_ENCODING) : null;
    }

    private static LocalReply readable(LocalReply reply, ClientForm form, Fields request) {
        return form == ClientForm.HTML || form == ClientForm.PREFLIGHT ? reply : CrossOrigin.readable(reply, request);
    }

    private static ClientForm form(RequestContext request) {
        return ClientForm.of(request.method(), request.fields());
    }
}
