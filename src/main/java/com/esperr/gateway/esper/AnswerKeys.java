package com.esperr.gateway.esper;

import com.esperr.gateway.config.Section;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Section {@code esper.answer}: under which names an answer says what. Esper does not document them, so they can be
 * changed; each list is in order of precedence, a dot goes one object deeper, and case does not count. Immutable.
 *
 * @param action where the action is
 * @param redirectUrl where the URL of a challenge is
 * @param decisionId where the id of the decision is
 * @param decisionIdHeader the response header that holds it if the body does not
 * @param reason where the reason is
 */
record AnswerKeys(
        List<String> action,
        List<String> redirectUrl,
        List<String> decisionId,
        String decisionIdHeader,
        List<String> reason) {
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-]{1,64}(?:\\.[A-Za-z0-9_-]{1,64}){0,4}");
    private static final int MOST = 16;
    private static final String EXPECTED = "a key, or keys with dots between";

    static AnswerKeys read(Section section) {
        List<String> action = paths(section, "action");
        if (action.isEmpty()) {
            section.problem("action", "[]", "at least one key");
        }
        return new AnswerKeys(
                action,
                paths(section, "redirect-url"),
                paths(section, "decision-id"),
                section.string("decision-id-header"),
                paths(section, "reason"));
    }

    private static List<String> paths(Section section, String key) {
        List<String> paths = section.parsedList(key, EXPECTED, text -> {
            if (!PATH.matcher(text).matches()) {
                throw new IllegalArgumentException(text);
            }
            return text;
        });
        if (paths.size() > MOST) {
            section.problem(key, paths.size() + " keys", "at most " + MOST);
        }
        return paths.subList(0, Math.min(MOST, paths.size()));
    }
}
