package com.esperr.gateway.request;

import org.jspecify.annotations.Nullable;

/**
 * What a window said when a request was counted in it. Immutable. A chain instead of a list: most requests are counted nowhere
 * and the others in one window or two.
 *
 * @param policy the policy
 * @param clause its clause
 * @param count how many there were, with this one
 * @param before what was said before, or null
 */
public record WindowCount(
        String policy, String clause, int count, @Nullable WindowCount before) {
    /** The count of that clause in {@code chain}, or -1 if it was not asked. */
    public static int of(@Nullable WindowCount chain, String policy, String clause) {
        for (WindowCount said = chain; said != null; said = said.before) {
            if (said.clause.equals(clause) && said.policy.equals(policy)) {
                return said.count;
            }
        }
        return -1;
    }
}
