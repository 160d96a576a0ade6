package com.esperr.gateway.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The request target of RFC 9112 3.2, taken apart without changing a byte. Path and query are as they came; {@link PathRules} gives
 * the path its one form, and the query is forwarded byte for byte. Immutable.
 */
public sealed interface RequestTarget {

    /**
     * {@code /path?query}, the usual form.
     *
     * @param query what stands behind the question mark, perhaps empty; null without one
     */
    record OriginForm(String path, @Nullable String query) implements RequestTarget {}

    /** {@code http://host/path?query}; the authority has to agree with the Host header. The scheme is in lower case. */
    record AbsoluteForm(
            String scheme,
            Authority authority,
            String path,
            @Nullable String query) implements RequestTarget {}

    /**
     * {@code *} of an OPTIONS for the whole server.
     *
     * @param authority named if it came as {@code OPTIONS http://host}, which a last proxy turns into {@code *} (RFC 9112 3.2.4)
     */
    record AsteriskForm(@Nullable Authority authority) implements RequestTarget {}

    /** A target that is refused. */
    enum Malformed implements RequestTarget {
        EMPTY("the request target is empty"),
        FORBIDDEN_CHARACTER("the request target holds a space, a control or a byte that is not ASCII"),
        FRAGMENT("the request target holds a fragment"),
        NO_KNOWN_FORM("the request target is neither a path nor an http URL"),
        BAD_AUTHORITY("the host or port of the request target is none");

        private final String text;

        Malformed(String text) {
            this.text = text;
        }

        /** The reason in words, for the log. */
        public String text() {
            return text;
        }
    }

    /** Takes {@code rawTarget} apart, as the target of a request with {@code method}. */
    static RequestTarget parse(String rawTarget, String method) {
        if (rawTarget.isEmpty()) {
            return Malformed.EMPTY;
        }
        int question = -1;
        for (int i = 0; i < rawTarget.length(); i++) {
            char c = rawTarget.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return Malformed.FORBIDDEN_CHARACTER;
            }
            if (c == '#') {
                return Malformed.FRAGMENT;
            }
            if (c == '?' && question < 0) {
                question = i;
            }
        }
        String query = question < 0 ? null : rawTarget.substring(question + 1);
        String hierarchical = question < 0 ? rawTarget : rawTarget.substring(0, question);
        if (rawTarget.charAt(0) == '/') {
            return new OriginForm(hierarchical, query);
        }
        if (rawTarget.equals("*") && method.equals("OPTIONS")) {
            return new AsteriskForm(null);
        }
        return absolute(hierarchical, query, method);
    }

    private static RequestTarget absolute(String hierarchical, @Nullable String query, String method) {
        int colon = hierarchical.indexOf("://");
        String scheme = colon < 0 ? "" : hierarchical.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Malformed.NO_KNOWN_FORM;
        }
        int from = colon + 3;
        int slash = hierarchical.indexOf('/', from);
        int to = slash < 0 ? hierarchical.length() : slash;
        Authority authority = Authority.parseOrNull(hierarchical.substring(from, to));
        if (authority == null) {
            return Malformed.BAD_AUTHORITY;
        }
        if (slash < 0 && query == null && method.equals("OPTIONS")) {
            return new AsteriskForm(authority);
        }
        return new AbsoluteForm(scheme, authority, slash < 0 ? "/" : hierarchical.substring(slash), query);
    }
}
