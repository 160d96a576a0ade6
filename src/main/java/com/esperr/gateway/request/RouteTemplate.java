package com.esperr.gateway.request;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path template: literal segments, {@code {name}} for any one segment, and {@code /**} at the end for everything below
 * and the path itself. Immutable.
 */
public final class RouteTemplate {
    private final List<String> segments;
    private final boolean open;
    private final boolean literal;
    private final String prefix;

    private RouteTemplate(List<String> segments, boolean open) {
        this.segments = segments;
        this.open = open;
        this.literal = segments.stream().noneMatch(RouteTemplate::captures);
        this.prefix = segments.isEmpty() ? "" : "/" + String.join("/", segments);
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it does not begin with a slash or a capture is malformed or named twice
     */
    public static RouteTemplate parse(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("does not begin with a slash");
        }
        boolean open = text.endsWith("/**");
        String closed = open ? text.substring(0, text.length() - 3) : text;
        List<String> segments =
                closed.isEmpty() ? List.of() : List.of(closed.substring(1).split("/", -1));
        List<String> names = new ArrayList<>();
        for (String segment : segments) {
            if (captures(segment)) {
                names.add(name(segment));
            } else if (segment.contains("{") || segment.contains("}") || segment.contains("*")) {
                throw new IllegalArgumentException("segment " + segment + " is neither text nor {name}");
            }
        }
        if (names.stream().distinct().count() < names.size() || names.contains("")) {
            throw new IllegalArgumentException("a {name} is empty or stands twice");
        }
        return new RouteTemplate(segments, open);
    }

    /** Whether the normalised {@code path} is one of those meant. */
    public boolean matches(String path) {
        return match(path) != null;
    }

    /** The captured segments if {@code path} matches, else null. */
    @Nullable
    Map<String, String> match(String path) {
        if (literal) {
            boolean same = path.startsWith(prefix)
                    && (path.length() == prefix.length() || (open && (path.charAt(prefix.length()) == '/')));
            return same ? Map.of() : null;
        }
        Map<String, String> captured = new HashMap<>();
        int at = 0;
        for (String segment : segments) {
            if (at >= path.length() || path.charAt(at) != '/') {
                return null;
            }
            int end = path.indexOf('/', at + 1);
            String actual = path.substring(at + 1, end < 0 ? path.length() : end);
            if (captures(segment)) {
                if (actual.isEmpty()) {
                    return null;
                }
                captured.put(name(segment), actual);
            } else if (!segment.equals(actual)) {
                return null;
            }
            at = end < 0 ? path.length() : end;
        }
        return at == path.length() || open ? captured : null;
    }

    private static boolean captures(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    private static String name(String segment) {
        return segment.substring(1, segment.length() - 1);
    }
}
