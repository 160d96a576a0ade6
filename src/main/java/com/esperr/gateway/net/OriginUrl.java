package com.esperr.gateway.net;

import java.util.Locale;

/**
 * Where an origin or another HTTP service lives: scheme, host and port, and nothing else. A path is refused, because the gateway
 * forwards the visitor's path unchanged and a prefix that is silently dropped would be found out in production. Immutable.
 */
public record OriginUrl(Scheme scheme, HostPort address) {

    /** The ways to speak to it. */
    public enum Scheme {
        HTTP("http", 80),
        HTTPS("https", 443);

        private final String text;
        private final int defaultPort;

        Scheme(String text, int defaultPort) {
            this.text = text;
            this.defaultPort = defaultPort;
        }

        /** The scheme as it stands in a URL. */
        public String text() {
            return text;
        }

        public int defaultPort() {
            return defaultPort;
        }
    }

    private static final String EXPECTED =
            " (expected: http://host[:port] or https://host[:port], without path, query or user)";

    /** Reads {@code http://host[:port]} or {@code https://host[:port]}, with or without a closing slash. */
    public static OriginUrl parse(String text) {
        int schemeEnd = text.indexOf("://");
        if (schemeEnd < 0) {
            throw new IllegalArgumentException(withoutUser(text) + EXPECTED);
        }
        Scheme scheme = scheme(text, schemeEnd);
        int from = schemeEnd + 3;
        int to = text.endsWith("/") && text.length() > from ? text.length() - 1 : text.length();
        HostPort address = HostPort.parseOrNull(text.substring(from, to), scheme.defaultPort());
        if (address == null) {
            throw new IllegalArgumentException(withoutUser(text) + EXPECTED);
        }
        return new OriginUrl(scheme, address);
    }

    public String host() {
        return address.host();
    }

    public int port() {
        return address.port();
    }

    /** The value of a Host header for it: the port only if it is not the scheme's own. */
    public String hostHeader() {
        return port() == scheme.defaultPort() ? address.bracketedHost() : address.toString();
    }

    @Override
    public String toString() {
        return scheme.text() + "://" + hostHeader();
    }

    private static Scheme scheme(String text, int end) {
        String name = text.substring(0, end).toLowerCase(Locale.ROOT);
        for (Scheme scheme : Scheme.values()) {
            if (scheme.text().equals(name)) {
                return scheme;
            }
        }
        throw new IllegalArgumentException(withoutUser(text) + EXPECTED);
    }

    /** User information is a secret more often than not, and this text ends in a log. */
    private static String withoutUser(String text) {
        int at = text.lastIndexOf('@');
        int from = text.indexOf("://");
        return at < 0 ? text : text.substring(0, from < 0 || from > at ? 0 : from + 3) + "***" + text.substring(at);
    }
}
