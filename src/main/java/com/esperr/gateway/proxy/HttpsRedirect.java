package com.esperr.gateway.proxy;

import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.RequestTarget;
import com.esperr.gateway.listen.HttpsRedirectConfig;
import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends visitors who speak no TLS to the same page where it is spoken. The URL is made of what was understood of host and path,
 * never of what was sent, so that it leads to the host that was asked for and nowhere else. Thread-safe.
 */
final class HttpsRedirect implements EarlyAnswer {
    /** Authorities look there in clear text whether a name leads here (RFC 8555 section 8.3); what answers them may be the origin. */
    private static final String ACME = "/.well-known/acme-challenge/";

    private static final int HTTPS_PORT = 443;

    private final HttpsRedirectConfig config;
    private final LocalReplies replies;

    private HttpsRedirect(HttpsRedirectConfig config, LocalReplies replies) {
        this.config = config;
        this.replies = replies;
    }

    /** As configured. */
    static EarlyAnswer of(HttpsRedirectConfig config, LocalReplies replies) {
        return config.enabled() ? new HttpsRedirect(config, replies) : NONE;
    }

    @Override
    public @Nullable LocalReply answer(RequestHead head, RequestContext request) {
        // A trusted proxy in front may speak TLS with the visitor, who would come back for ever.
        if (request.scheme().equals("https") || request.path().startsWith(ACME)) {
            return null;
        }
        if (request.host().isEmpty()) {
            throw new FailureException(FailureReason.INVALID_HOST, "no Host, and so nowhere to redirect to");
        }
        StringBuilder url = new StringBuilder("https://").append(request.host());
        if (config.port() != HTTPS_PORT) {
            url.append(':').append(config.port());
        }
        String target = request.forwardTarget();
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        url.append(path.startsWith("/") ? path : "/");
        String query = query(head);
        if (query != null) {
            url.append('?').append(query);
        }
        return replies.moved(config.status(), request.reference(), url.toString());
    }

    /** As it was sent: a proof that a visitor brings back from a challenge is for the page that he is sent to. */
    private static @Nullable String query(RequestHead head) {
        RequestTarget target = RequestTarget.parse(head.target(), head.method());
        if (target instanceof RequestTarget.OriginForm origin) {
            return origin.query();
        }
        return target instanceof RequestTarget.AbsoluteForm absolute ? absolute.query() : null;
    }
}
