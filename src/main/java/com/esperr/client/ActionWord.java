package com.esperr.client;

import java.util.Locale;

/** How an action is spelled. Stateless. */
final class ActionWord {
    private static final int LONGEST_SHOWN = 32;

    private ActionWord() {}

    /** The action that {@code word} means; there is no default, because an unknown word must not let anybody in. */
    static MitigationAction parse(String word, ApiKey key) throws MalformedAnswerException {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "allow", "monitor", "observe" -> MitigationAction.Allow;
            case "block" -> MitigationAction.Block;
            case "challenge" -> MitigationAction.Challenge;
            default ->
                throw new MalformedAnswerException("action: " + key.start(word, LONGEST_SHOWN)
                        + " (expected: allow, monitor, challenge or block)");
        };
    }
}
