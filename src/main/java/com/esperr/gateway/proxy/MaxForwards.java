package com.esperr.gateway.proxy;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http.RequestHead;

/**
 * How many more hops an OPTIONS request may make (RFC 9110 section 7.6.2); TRACE is refused before. Stateless. A value that
 * is no number is nobody's to count and passes on.
 */
final class MaxForwards {
    private static final int MOST_DIGITS = 9;
    private static final int NONE = -1;

    private MaxForwards() {}

    /** Answers what ends here. */
    static EarlyAnswer of(LocalReplies replies) {
        return (head, request) -> left(head) == 0 ? replies.options(request.reference()) : null;
    }

    /** Whether the field is counted down on the way to the origin. */
    static boolean counts(RequestHead head) {
        return left(head) > 0;
    }

    /** How many hops are left, or less than zero if the request does not say. */
    static int left(RequestHead head) {
        if (!head.method().equals("OPTIONS")) {
            return NONE;
        }
        String value = head.fields().get(FieldName.MAX_FORWARDS);
        if (value == null || value.isEmpty() || value.length() > MOST_DIGITS) {
            return NONE;
        }
        int left = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NONE;
            }
            left = left * 10 + digit;
        }
        return left;
    }
}
