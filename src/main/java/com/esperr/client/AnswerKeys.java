package com.esperr.client;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Under which names an answer says what. Esper documents what an answer holds but not all of its names, so they can be changed. Each
 * list is in order of precedence, a dot goes one object deeper, and case does not count. Immutable.
 *
 * @param action where the action is
 * @param redirectUrl where the URL of a challenge is
 * @param decisionId where the id of the decision is
 * @param decisionIdHeader the response header that holds it if the body does not
 * @param reason where the reason is
 * @param valid where it says that a proof is valid; all of them that are there must be true
 */
public record AnswerKeys(
        List<String> action,
        List<String> redirectUrl,
        List<String> decisionId,
        String decisionIdHeader,
        List<String> reason,
        List<String> valid) {
    // Above the standard names, which are checked by it.
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-]{1,64}(?:\\.[A-Za-z0-9_-]{1,64}){0,4}");

    /** The names that are looked for unless others are set. */
    public static final AnswerKeys STANDARD = new AnswerKeys(
            List.of("action", "decision", "active_mitigation.decision"),
            List.of("redirect_url", "challenge.redirect_url"),
            List.of("decision_id"),
            "X-Esper-Decision-ID",
            List.of("reason"),
            List.of("valid", "verified", "ok", "success"));

    /** Checks and copies. @throws EsperValidationException if a list that decides is empty, or a name is none */
    public AnswerKeys {
        Problems problems = new Problems();
        action = checked("answerKeys.action", action, problems);
        redirectUrl = checked("answerKeys.redirectUrl", redirectUrl, problems);
        decisionId = List.copyOf(decisionId);
        reason = List.copyOf(reason);
        valid = checked("answerKeys.valid", valid, problems);
        problems.throwIfAny();
    }

    private static List<String> checked(String field, List<String> paths, Problems problems) {
        if (paths.isEmpty()) {
            problems.add(field, "[]", "at least one name");
        }
        paths.forEach(path -> problems.expect(field, path, PATH, "a name, or names with dots between"));
        return List.copyOf(paths);
    }
}
