package com.esperr.gateway.replay;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.request.BotFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request as policies saw it, and what they said. Immutable.
 *
 * @param atMillis when its head was received, epoch milliseconds
 * @param reference its reference, or null
 * @param method the method
 * @param path the path as it can be forwarded
 * @param client the visitor's address or what stands for it, or null
 * @param userAgent the user agent, or null
 * @param names what the values belong to
 * @param values as many, each of which may be null
 * @param bot which bot it is or says it is
 * @param exempt whether policies were not asked, as its route is exempt
 * @param set the set of policies that decides about its site, or null for the one of sites that name none
 * @param said what the policies said, or null if somebody else decided
 */
record Recorded(
        long atMillis,
        @Nullable String reference,
        String method,
        String path,
        @Nullable String client,
        @Nullable String userAgent,
        List<String> names,
        List<@Nullable String> values,
        BotFacts bot,
        boolean exempt,
        @Nullable String set,
        @Nullable Said said) {
    /**
     * What policies say about a request.
     *
     * @param action what is to be done
     * @param policy the policy that said so, or null
     * @param clause its clause, or null
     */
    record Said(
            Action action,
            @Nullable String policy,
            @Nullable String clause) {
        static final Said NOTHING = new Said(Action.ALLOW, null, null);

        /** Policy and clause for people. */
        String rule() {
            if (policy == null) {
                return "no policy";
            }
            return clause == null ? policy : policy + '/' + clause;
        }
    }
}
