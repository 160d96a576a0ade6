package com.esperr.gateway.proxy;

import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.listen.ListenConfig;
import org.jspecify.annotations.Nullable;

/**
 * What is particular to the visitors of one listener. Immutable.
 *
 * @param early answers without a decision
 * @param hsts the value of Strict-Transport-Security, or null
 */
record EntranceRules(EarlyAnswer early, @Nullable String hsts) {
    private static final String HSTS = "strict-transport-security";

    /** Nothing is. */
    static final EntranceRules NONE = new EntranceRules(EarlyAnswer.NONE, null);

    /** Those of {@code listen}, where {@code first} answers what it can. */
    static EntranceRules of(ListenConfig listen, EarlyAnswer first, LocalReplies replies) {
        return new EntranceRules(
                first.or(HttpsRedirect.of(listen.redirect(), replies)),
                listen.hsts().value());
    }

    /** The origin's response as it leaves here. */
    ResponseHead leaving(ResponseHead head) {
        return hsts == null ? head : head.with(HSTS, hsts);
    }

    /** Our own reply as it leaves here. */
    LocalReply leaving(LocalReply reply) {
        return hsts == null ? reply : reply.with(HSTS, hsts);
    }
}
