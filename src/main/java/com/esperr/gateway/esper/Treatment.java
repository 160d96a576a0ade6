package com.esperr.gateway.esper;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is done to a value before it leaves, in a question as in an event. Immutable.
 *
 * @param kind what
 * @param length how much of it stays, for {@link Kind#TRUNCATE}
 */
public record Treatment(Kind kind, int length) {
    /** The kinds of treatment. */
    public enum Kind {
        /** Nothing. */
        AS_IS,
        /** It is replaced by its keyed hash. */
        HASH,
        /** Its beginning stays. */
        TRUNCATE,
        /** It does not leave, which takes back what an included file asks for. */
        DROP
    }

    /** The words, for messages. */
    public static final String EXPECTED = "as-is, hash, truncate:N or drop";

    /** It leaves as it is. */
    public static final Treatment AS_IS = new Treatment(Kind.AS_IS, 0);

    /** Its hash leaves. */
    public static final Treatment HASH = new Treatment(Kind.HASH, 0);

    /** It stays here. */
    public static final Treatment DROP = new Treatment(Kind.DROP, 0);

    private static final String TRUNCATE = "truncate:";
    private static final int LONGEST = 4096;
    // Without its other half; a pair is one character to a pattern.
    private static final Pattern HALF = Pattern.compile("[\\x{d800}-\\x{dfff}]");

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static Treatment parse(String text) {
        return switch (text) {
            case "as-is" -> AS_IS;
            case "hash" -> HASH;
            case "drop" -> DROP;
            default -> truncate(text);
        };
    }

    private static Treatment truncate(String text) {
        if (!text.startsWith(TRUNCATE)) {
            throw new IllegalArgumentException("not a treatment");
        }
        int length = Integer.parseInt(text.substring(TRUNCATE.length()));
        if (length < 1 || length > LONGEST) {
            throw new IllegalArgumentException("length out of range");
        }
        return new Treatment(Kind.TRUNCATE, length);
    }

    /** What leaves of {@code value}, or null if nothing does; never more than {@value #LONGEST} characters. */
    public @Nullable String apply(@Nullable String value, KeyedHash hash) {
        if (value == null) {
            return null;
        }
        return switch (kind) {
            case AS_IS -> whole(cut(value, LONGEST));
            case HASH -> hash.of(value);
            case TRUNCATE -> whole(cut(value, length));
            case DROP -> null;
        };
    }

    private static String cut(String value, int most) {
        if (value.length() <= most) {
            return value;
        }
        // Half a surrogate pair would not be a text any more.
        int end = Character.isHighSurrogate(value.charAt(most - 1)) ? most - 1 : most;
        return value.substring(0, end);
    }

    /** A JSON body may escape half a character; a strict service would refuse the question, which is then no decision. */
    private static String whole(String value) {
        return HALF.matcher(value).replaceAll("\ufffd");
    }
}
