package com.esperr.gateway.proxy;

import com.esperr.gateway.compression.Compression;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.listen.ListenConfig;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is particular to the visitors of one listener. Immutable.
 *
 * @param errands what requests there are about
 * @param early answers without a decision
 * @param hsts the value of Strict-Transport-Security, or null
 * @param edits what is changed in the heads of the origin's responses
 * @param compression compresses their bodies, or null
 * @param elsewhere the value of Alt-Svc as it is now, or null
 */
record EntranceRules(
        Errands errands,
        EarlyAnswer early,
        @Nullable String hsts,
        ResponseEdits edits,
        @Nullable Compression compression,
        Supplier<@Nullable String> elsewhere) {
    private static final String ALT_SVC = "alt-svc";
    private static final String HSTS = "strict-transport-security";

    /** Nothing is. */
    static final EntranceRules NONE =
            new EntranceRules(Errands.VISITS, EarlyAnswer.NONE, null, ResponseEdits.NONE, null, () -> null);

    /** Those of {@code listen}, where {@code first} answers what it can. */
    static EntranceRules of(
            ListenConfig listen,
            EarlyAnswer first,
            LocalReplies replies,
            ResponseEdits edits,
            Compression compression) {
        return new EntranceRules(
                Errands.VISITS,
                first.or(HttpsRedirect.of(listen.redirect(), replies)).or(MaxForwards.of(replies)),
                listen.hsts().value(),
                edits,
                compression.enabled() ? compression : null,
                () -> null);
    }

    /** The same for visitors who are told {@code where} else to come, if they are to. */
    EntranceRules telling(Supplier<@Nullable String> where) {
        return new EntranceRules(errands, early, hsts, edits, compression, where);
    }

    /** Those where proxies ask on {@code errands}: nothing is answered there that they would take for a decision. */
    static EntranceRules asked(Errands errands, EarlyAnswer first) {
        return new EntranceRules(errands, first, null, ResponseEdits.NONE, null, () -> null);
    }

    /** Where the origin's response goes that is to leave by {@code output}. */
    ResponseOutput output(ResponseOutput output) {
        return compression == null ? output : new CompressedOutput(output, compression);
    }

    /** The origin's response as it leaves here. */
    ResponseHead leaving(ResponseHead head) {
        ResponseHead edited = edits.apply(head);
        ResponseHead strict = hsts == null ? edited : edited.with(HSTS, hsts);
        String other = elsewhere.get();
        return other == null ? strict : strict.with(ALT_SVC, other);
    }

    /** Our own reply as it leaves here. */
    LocalReply leaving(LocalReply reply) {
        LocalReply strict = hsts == null ? reply : reply.with(HSTS, hsts);
        String other = elsewhere.get();
        return other == null ? strict : strict.with(ALT_SVC, other);
    }
}
