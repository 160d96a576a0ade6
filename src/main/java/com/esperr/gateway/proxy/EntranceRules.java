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
 * @param edits what is changed in the heads of the origin's responses
 */
record EntranceRules(EarlyAnswer early, @Nullable String hsts, ResponseEdits edits) {
    private static final String HSTS = "strict-transport-security";

    /** Nothing is. */
    static final EntranceRules NONE = new EntranceRules(EarlyAnswer.NONE, null, ResponseEdits.NONE);

    /** Those of {@code listen}, where {@code first} answers what it can. */
    static EntranceRules of(ListenConfig listen, EarlyAnswer first, LocalReplies replies, ResponseEdits edits) {
        return new EntranceRules(
                first.or(HttpsRedirect.of(listen.redirect(), replies)).or(MaxForwards.of(replies)),
                listen.hsts().value(),
                edits);
    }

    /** The origin's response as it leaves here. */
    ResponseHead leaving(ResponseHead head) {
        ResponseHead edited = edits.apply(head);
        return hsts == null ? edited : edited.with(HSTS, hsts);
    }

    /** Our own reply as it leaves here. */
    LocalReply leaving(LocalReply reply) {
        return hsts == null ? reply : reply.with(HSTS, hsts);
    }
}
