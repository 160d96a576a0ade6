package com.esperr.gateway.explain;

import com.esperr.gateway.esper.Credentials;
import com.esperr.gateway.esper.Treatment;
import com.esperr.gateway.request.FieldReference;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is shown of a visitor's values: nothing of what might be a secret, and the beginning of everything else. Stateless. */
final class Secrets {
    private static final int LONGEST = 256;
    private static final int MOST_OPERANDS = 8;
    private static final String CUT = "...";
    /** How names of headers sound that carry secrets. */
    private static final Pattern NAME =
            Pattern.compile("auth|token|secret|key|passw|session|sign|credential|cookie|csrf|xsrf|jwt|otp");
    /** Headers that carry a URL, of which the query may hold secrets. */
    private static final Set<String> URLS =
            Set.of("referer", "x-original-url", "x-rewrite-url", "x-forwarded-uri", "x-original-uri");

    private Secrets() {}

    /** What is shown of {@code text} in {@code field}; null stays null. */
    static @Nullable String shown(FieldReference field, @Nullable String text) {
        if (text == null) {
            return null;
        }
        if (isSecret(field)) {
            return hidden(text.length());
        }
        return brief(isUrl(field) ? withoutQuery(text) : text, LONGEST);
    }

    /** What is shown of what a policy compares these fields with: a secret is one there as well. */
    static String shown(List<FieldReference> fields, List<String> operands) {
        if (operands.isEmpty()) {
            return "";
        }
        if (fields.stream().anyMatch(Secrets::isSecret)) {
            return "(hidden)";
        }
        String some = String.join(", ", operands.subList(0, Math.min(MOST_OPERANDS, operands.size())));
        int more = operands.size() - MOST_OPERANDS;
        return brief(some, LONGEST) + (more > 0 ? " and " + more + " more" : "");
    }

    /** The beginning of {@code text}, of whole characters. */
    static String brief(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + CUT;
    }

    private static boolean isSecret(FieldReference field) {
        return switch (field.field()) {
            case COOKIE, QUERY_PARAM, BODY -> true;
            case REQUEST_HEADER ->
                Credentials.told(field, Treatment.AS_IS)
                        || NAME.matcher(field.name()).find();
            default -> false;
        };
    }

    private static boolean isUrl(FieldReference field) {
        return switch (field.field()) {
            case REFERRER -> true;
            case REQUEST_HEADER -> URLS.contains(field.name());
            default -> false;
        };
    }

    private static String withoutQuery(String url) {
        int end = url.indexOf('?');
        int fragment = url.indexOf('#');
        if (fragment >= 0 && (end < 0 || fragment < end)) {
            end = fragment;
        }
        return end < 0 ? url : url.substring(0, end) + '?' + hidden(url.length() - end - 1);
    }

    private static String hidden(int length) {
        return "(hidden, " + length + " characters)";
    }
}
