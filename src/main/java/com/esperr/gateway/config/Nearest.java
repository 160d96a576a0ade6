package com.esperr.gateway.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the name somebody probably meant: the same last word in another place, another spelling of the same words
 * (camel case, underscores), or a few letters off. Stateless.
 */
final class Nearest {
    private static final int MAX_LENGTH = 100;
    private static final int FAR = 1000;

    private Nearest() {}

    /** The likeliest of the candidates, or null when none is near. */
    static @Nullable String of(String name, Collection<String> candidates) {
        String wanted = normal(name);
        // An edit in every third letter of the last word is as much as a slip can be, two when letters were swapped.
        int length = last(wanted).length();
        int limit = (length < 4 ? 1 : Math.max(2, length / 3)) * FAR;
        String best = null;
        int least = limit + FAR;
        for (String candidate : candidates) {
            int score = score(wanted, normal(candidate));
            if (score < least) {
                least = score;
                best = candidate;
            }
        }
        return best;
    }

    private static int score(String wanted, String candidate) {
        int whole = distance(wanted, candidate);
        int lastWord = distance(last(wanted), last(candidate));
        // The right word in the wrong place comes after a slip of one letter in the right place.
        int moved = (lastWord + 1) * FAR + Math.min(whole, FAR - 1);
        return Math.min(whole * FAR, moved);
    }

    private static String normal(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace("esper_", "").replaceAll("[-_]", "");
        return plain.length() <= MAX_LENGTH ? plain : plain.substring(0, MAX_LENGTH);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** Levenshtein's distance, one row at a time. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
