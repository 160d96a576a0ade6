package com.esperr.gateway.http;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content codings that a client accepts, from its {@code Accept-Encoding} lines (RFC 9110 section 12.5.3). An element that does not
 * follow the grammar is left out. Immutable.
 */
public final class AcceptedCodings {
    /** Browsers send five at most. Bounds the work on a line of nothing but commas. */
    private static final int MAX_ELEMENTS = 64;

    private static final String ANY = "*";
    private static final String IDENTITY = "identity";

    private final Map<String, Integer> weights;

    private AcceptedCodings(Map<String, Integer> weights) {
        this.weights = weights;
    }

    /** The codings that the given lines list. */
    public static AcceptedCodings parse(List<String> lines) {
        Map<String, Integer> weights = new HashMap<>();
        int elements = 0;
        for (String line : lines) {
            int start = 0;
            while (start < line.length() && elements++ < MAX_ELEMENTS) {
                int comma = line.indexOf(',', start);
                int end = comma < 0 ? line.length() : comma;
                element(line.substring(start, end), weights);
                start = end + 1;
            }
        }
        return new AcceptedCodings(weights);
    }

    private static void element(String text, Map<String, Integer> weights) {
        int semicolon = text.indexOf(';');
        String coding =
                (semicolon < 0 ? text : text.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        int weight = Weight.FULL;
        if (semicolon >= 0) {
            String parameter = text.substring(semicolon + 1).strip();
            weight = parameter.regionMatches(/* ignoreCase= */ true, 0, "q=", 0, 2)
                    ? Weight.parse(parameter.substring(2))
                    : -1;
        }
        if (!coding.isEmpty() && weight >= 0) {
            // RFC 9110 section 8.4.1.3: the same, under its old name
            weights.merge(coding.equals("x-gzip") ? "gzip" : coding, weight, Math::min);
        }
    }

    /**
     * The one of {@code offered}, the preferred one first, that this client likes best, or null if it accepts none of them or likes the
     * body as it is better.
     */
    public @Nullable String best(List<String> offered) {
        int any = weights.getOrDefault(ANY, 0);
        String best = null;
        int most = 0;
        for (String coding : offered) {
            int weight = weights.getOrDefault(coding, any);
            if (weight > most) {
                most = weight;
                best = coding;
            }
        }
        return weights.getOrDefault(IDENTITY, 0) > most ? null : best;
    }
}
