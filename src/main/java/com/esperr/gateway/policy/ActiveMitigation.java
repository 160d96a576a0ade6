package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.state.Codec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every request of one visitor meets until it expires, whatever its path. Immutable. It is kept under the visitor's
 * key, which is a hash; the values are here so that people can tell who is meant.
 *
 * @param tenant whose visitor
 * @param entity by which entity the visitor is told from others
 * @param values the visitor's key fields by name, those that were there, each cut after {@value #MAX_VALUE} characters
 * @param action challenge or block
 * @param mitigation the mitigation_id, or the built-in word
 * @param policy the policy that ordered it, or null
 * @param clause its clause, or null
 * @param reason a sentence for people, or null
 * @param decisionId stands in every decision that it causes, and leads to the request by which it came about
 * @param createdAtMillis epoch milliseconds
 * @param by whether a policy or a person ordered it
 * @param challengeUrl with challenge, where the visitor is sent; null for {@code challenge.url}
 */
public record ActiveMitigation(
        String tenant,
        String entity,
        Map<String, String> values,
        Action action,
        String mitigation,
        @Nullable String policy,
        @Nullable String clause,
        @Nullable String reason,
        String decisionId,
        long createdAtMillis,
        By by,
        @Nullable ChallengeUrl challengeUrl) {
    /** How much of a value is kept. */
    public static final int MAX_VALUE = 256;

    /** The same as JSON, for stores outside this process. */
    public static final Codec<ActiveMitigation> CODEC = new Codec<>() {
        @Override
        public String write(ActiveMitigation value) {
            return value.json();
        }

        @Override
        public ActiveMitigation read(String text) {
            return parse(text);
        }
    };

    private static final int MAX_REASON = 500;

    public ActiveMitigation {
        Map<String, String> bounded = new LinkedHashMap<>();
        values.forEach((name, value) -> bounded.put(name, cut(value, MAX_VALUE)));
        values = Collections.unmodifiableMap(bounded);
        reason = reason == null ? null : cut(reason, MAX_REASON);
        if (action == Action.ALLOW) {
            throw new IllegalArgumentException("action: allow (expected: challenge or block)");
        }
    }

    /** Who ordered it. */
    public enum By {
        /** A clause that matched. */
        POLICY,
        /** Somebody at the operator port. */
        MANUAL
    }

    /** One line of JSON, which {@link #parse} reads. */
    public String json() {
        return ActiveMitigationJson.write(this);
    }

    /**
     * Reads what {@link #json} writes; members that it does not know are skipped.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static ActiveMitigation parse(String json) {
        return ActiveMitigationJson.read(json);
    }

    private static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        // Half a surrogate pair is no text.
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }
}
