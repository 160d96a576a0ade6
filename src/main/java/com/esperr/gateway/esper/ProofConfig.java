package com.esperr.gateway.esper;

import com.esperr.gateway.config.Section;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Section {@code challenge} as far as asking Esper about a proof goes. Immutable.
 *
 * @param path where it is asked
 * @param proofField under which name the proof is sent
 * @param validFields the flags of an answer, in lower case, dots going one object deeper
 * @param acceptBare whether an answer without any of them means that the proof is valid
 * @param lifetime how long a proof counts whose answer does not say
 * @param maxLifetime how long one counts at the most
 * @param timeout how long an answer is waited for
 */
public record ProofConfig(
        String path,
        String proofField,
        Set<String> validFields,
        boolean acceptBare,
        Duration lifetime,
        Duration maxLifetime,
        Duration timeout) {
    private static final Pattern PATH = Pattern.compile("/[!-\"$->@-~]*");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{1,64}(?:\\.[A-Za-z0-9_-]{1,64}){0,4}");

    /** Reads the section. */
    public static ProofConfig read(Section section) {
        List<String> keys = section.parsedList(
                "valid-fields",
                "a name, or names with dots between",
                text -> matching(KEY, text).toLowerCase(Locale.ROOT));
        boolean acceptBare = section.flag("accept-bare-2xx");
        if (keys.isEmpty() && !acceptBare) {
            section.problem("valid-fields", "[]", "at least one field, because challenge.accept-bare-2xx is false");
        }
        Duration shortest = Duration.ofSeconds(1);
        Duration longest = Duration.ofDays(30);
        return new ProofConfig(
                section.parsed(
                        "verify-path",
                        "a path, such as /api/v1/challenge/proof/verify",
                        "/",
                        text -> matching(PATH, text)),
                section.parsed("proof-field", "a name", "proof_token", text -> matching(KEY, text)),
                Set.copyOf(new HashSet<>(keys)),
                acceptBare,
                section.duration("lifetime", shortest, longest),
                section.duration("max-lifetime", shortest, longest),
                section.duration("verify-timeout", Duration.ofMillis(1), Duration.ofMinutes(1)));
    }

    private static String matching(Pattern pattern, String text) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }
}
