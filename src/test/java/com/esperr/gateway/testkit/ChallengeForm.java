package com.esperr.gateway.testkit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form of a challenge page as somebody without JavaScript sends it, by pressing its button. Static only. */
public final class ChallengeForm {
    private static final Pattern TICKET = Pattern.compile("name=\"ticket\" value=\"([0-9A-Za-z_.-]+)\"");

    private ChallengeForm() {}

    /** The body of the request behind the button of {@code page}. */
    public static String pressed(String page) {
        Matcher ticket = TICKET.matcher(page);
        if (!ticket.find()) {
            throw new AssertionError("no ticket (expected: a page with a button)\n" + page);
        }
        return "method=button&ticket=" + ticket.group(1);
    }
}
