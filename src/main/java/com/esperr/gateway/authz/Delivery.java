package com.esperr.gateway.authz;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A decision as it travels in a field from an answer to the request for its page: nginx drops the page of the first, and any replica
 * can make it of this. Only a trusted proxy can send one, and none lets a request pass. Immutable.
 *
 * @param id of the request that was decided on
 * @param decision one that is not to forward; null if the visitor is to come back later, whatever would be decided
 */
public record Delivery(UUID id, @Nullable Decision decision) {
    /** The field. */
    public static final String FIELD = "Esper-Answer";

    /** As text; null if {@code decision} is none that is delivered. */
    public static @Nullable String text(UUID id, Decision decision) {
        if (decision instanceof Decision.Block) {
            return "block " + id;
        }
        if (decision instanceof Decision.Challenge challenge) {
            return "challenge " + id + ' ' + encoded(challenge.redirectUrl()) + ' '
                    + encoded(challenge.cause().policy());
        }
        if (decision instanceof Decision.Admit admit) {
            return "admit " + id + ' ' + encoded(admit.location()) + ' ' + encoded(admit.cookie());
        }
        return null;
    }

    /** As text, that the visitor is to come back later. */
    public static String later(UUID id) {
        return "later " + id;
    }

    /**
     * Reads what {@link #text} and {@link #later} write.
     *
     * @throws FailureException if it is anything else
     */
    public static Delivery parse(@Nullable String text) {
        String[] words = text == null ? new String[0] : text.split(" ", -1);
        try {
            if (words.length == 2 && words[0].equals("later")) {
                return new Delivery(UUID.fromString(words[1]), null);
            }
            if (words.length == 2 && words[0].equals("block")) {
                return new Delivery(UUID.fromString(words[1]), new Decision.Block(Cause.DEFAULT));
            }
            if (words.length == 4 && words[0].equals("challenge")) {
                String policy = decoded(words[3]);
                Cause cause = new Cause("default", policy, null, null, null, null, null);
                return new Delivery(
                        UUID.fromString(words[1]), new Decision.Challenge(String.valueOf(decoded(words[2])), cause));
            }
            if (words.length == 4 && words[0].equals("admit")) {
                return new Delivery(UUID.fromString(words[1]), admit(decoded(words[2]), decoded(words[3])));
            }
        } catch (IllegalArgumentException notOne) {
            throw malformed();
        }
        throw malformed();
    }

    /** An admission leads to a page of the same site, and what it is made of stands in one line each. */
    private static Decision admit(@Nullable String location, @Nullable String cookie) {
        // A browser takes what stands behind "//" or "/\" for a host.
        if (location == null
                || !location.matches("/(?![/\\\\]).*")
                || !isLine(location)
                || (cookie != null && !isLine(cookie))) {
            throw malformed();
        }
        return new Decision.Admit(location, cookie, Cause.PASS);
    }

    private static boolean isLine(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= 0xFF && c != 0x7F);
    }

    private static FailureException malformed() {
        return new FailureException(
                FailureReason.MALFORMED_ENQUIRY, FIELD + ": missing or malformed (expected: that of an answer)");
    }

    private static String encoded(@Nullable String text) {
        return text == null
                ? "-"
                : "=" + Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String decoded(String text) {
        return text.startsWith("=")
                ? new String(Base64.getUrlDecoder().decode(text.substring(1)), StandardCharsets.UTF_8)
                : null;
    }
}
