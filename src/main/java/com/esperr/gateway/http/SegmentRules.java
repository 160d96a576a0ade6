package com.esperr.gateway.http;

import static com.esperr.gateway.http.PathRules.refused;

import org.jspecify.annotations.Nullable;

/**
 * The segments of one path in canonical spelling: empty ones and dot segments removed, and those refused that some origins take for
 * other segments. Confined to the call that made it.
 */
final class SegmentRules {

    private static final String ENCODED_SLASH = "%2F";
    private static final String ENCODED_SPACE = "%20";
    private static final String ENCODED_SEMICOLON = "%3B";

    private final String path;
    private final PathOptions options;

    SegmentRules(CharSequence canonical, PathOptions options) {
        this.path = canonical.toString();
        this.options = options;
    }

    /** Appends the path without dot segments to {@code out}, which always ends in a slash between two steps. */
    @Nullable
    PathRefusal writeTo(StringBuilder out) {
        out.append('/');
        int from = 1;
        while (from < path.length()) {
            int to = path.indexOf('/', from) < 0 ? path.length() : path.indexOf('/', from);
            if (isDots(from, to, 2)) {
                if (out.length() == 1) {
                    return PathRefusal.ABOVE_ROOT;
                }
                out.setLength(out.lastIndexOf("/", out.length() - 2) + 1);
            } else if (to > from && !isDots(from, to, 1)) {
                PathRefusal refusal = ofSegment(from, to);
                if (refusal != null) {
                    return refusal;
                }
                out.append(path, from, Math.min(to + 1, path.length()));
            }
            from = to + 1;
        }
        return null;
    }

    /** A segment can hold several pieces if encoded slashes are let through: to some origins each is a segment. */
    private @Nullable PathRefusal ofSegment(int from, int to) {
        int start = from;
        while (true) {
            int slash = path.indexOf(ENCODED_SLASH, start);
            int end = slash < 0 || slash >= to ? to : slash;
            boolean whole = start == from && end == to;
            PathRefusal refusal = ofPiece(start, end, whole);
            if (refusal != null || end == to) {
                return refusal;
            }
            start = end + ENCODED_SLASH.length();
        }
    }

    private @Nullable PathRefusal ofPiece(int from, int to, boolean whole) {
        int nameEnd = nameEnd(from, to);
        boolean bareDots = (!whole || nameEnd < to) && (isDots(from, nameEnd, 1) || isDots(from, nameEnd, 2));
        if (bareDots) {
            return PathRefusal.DISGUISED_DOT_SEGMENT;
        }
        boolean trailing = endsInDotOrSpace(from, nameEnd) || endsInDotOrSpace(from, to);
        if (!trailing) {
            return null;
        }
        if (nameEnd > from && stripped(from, nameEnd) == from) {
            return PathRefusal.DISGUISED_DOT_SEGMENT;
        }
        return refused(options.trailingDotOrSpace()) ? PathRefusal.TRAILING_DOT_OR_SPACE : null;
    }

    /** Where the parameters of a piece begin, or its end. */
    private int nameEnd(int from, int to) {
        int plain = path.indexOf(';', from);
        int encoded = path.indexOf(ENCODED_SEMICOLON, from);
        int end = plain >= 0 ? Math.min(plain, to) : to;
        return encoded >= 0 ? Math.min(encoded, end) : end;
    }

    private boolean isDots(int from, int to, int count) {
        return to - from == count && path.charAt(from) == '.' && path.charAt(to - 1) == '.';
    }

    private boolean endsInDotOrSpace(int from, int to) {
        return stripped(from, to) < to;
    }

    /** The end of a piece without the dots and spaces that Windows ignores there. */
    private int stripped(int from, int to) {
        int end = to;
        while (end > from) {
            if (path.charAt(end - 1) == '.') {
                end--;
            } else if (end - ENCODED_SPACE.length() >= from
                    && path.startsWith(ENCODED_SPACE, end - ENCODED_SPACE.length())) {
                end -= ENCODED_SPACE.length();
            } else {
                break;
            }
        }
        return end;
    }
}
