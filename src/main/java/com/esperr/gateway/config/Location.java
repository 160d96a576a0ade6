package com.esperr.gateway.config;

import com.typesafe.config.ConfigOrigin;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a value was written: a file and line, or the name of an environment variable or option with line 0. Immutable.
 */
public record Location(String source, int line) implements Comparable<Location> {
    private static final Comparator<Location> BY_LINE =
            Comparator.comparing(Location::source).thenComparingInt(Location::line);
    private static final Pattern DESCRIPTION = Pattern.compile("(.*): (\\d+)(?:-\\d+)?", Pattern.DOTALL);
    private static final Pattern PLACE = Pattern.compile("(.*):(\\d+)", Pattern.DOTALL);
    private static final String MERGED = "merge of ";

    static Location of(ConfigOrigin origin) {
        String description = origin.description();
        if (description.startsWith(MERGED)) {
            // The library lists the layers of a merged object highest first; the highest is the one to point at.
            int comma = description.indexOf(',');
            description = description.substring(MERGED.length(), comma < 0 ? description.length() : comma);
        }
        return read(DESCRIPTION, description);
    }

    /** Reads the form that {@link #toString()} writes. */
    public static Location parse(String place) {
        return read(PLACE, place);
    }

    private static Location read(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches() || matcher.group(2).length() > 9) {
            return new Location(text, 0);
        }
        return new Location(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    @Override
    public int compareTo(Location other) {
        return BY_LINE.compare(this, other);
    }

    /** The form {@code file:line}, or only the source when there is no line. */
    @Override
    public String toString() {
        return line > 0 ? source + ":" + line : source;
    }
}
