package com.esperr.gateway.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The host and port of a Host header or an absolute request target, checked strictly: no user information, no path, no zone, no
 * percent-encoding. The host is in lower case, without a closing dot, with brackets around IPv6, so that one host has one spelling.
 * Immutable.
 *
 * @param port 1..65535, or {@link #NO_PORT}
 */
public record Authority(String host, int port) {

    public static final int NO_PORT = -1;

    private static final int LONGEST_HOST = 255;
    private static final int LONGEST_IPV6 = 47;

    /** Reads an authority, or answers null for anything that is not exactly one. */
    public static @Nullable Authority parseOrNull(String text) {
        boolean literal = text.startsWith("[");
        int hostEnd = literal ? text.indexOf(']') + 1 : text.indexOf(':');
        if (hostEnd < 0) {
            hostEnd = text.length();
        }
        boolean hostFine = literal ? isIpv6Literal(text, hostEnd) : isName(text, hostEnd);
        int port = hostEnd == text.length() ? NO_PORT : port(text, hostEnd);
        return hostFine && port != 0 ? new Authority(canonicalHost(text, hostEnd), port) : null;
    }

    /** The port, or the one the scheme stands for. */
    public int portOr(int defaultPort) {
        return port == NO_PORT ? defaultPort : port;
    }

    /** Whether both name the same host and port, for a scheme with that default port. */
    public boolean sameAs(Authority other, int defaultPort) {
        return host.equals(other.host) && portOr(defaultPort) == other.portOr(defaultPort);
    }

    @Override
    public String toString() {
        return port == NO_PORT ? host : host + ":" + port;
    }

    private static String canonicalHost(String text, int end) {
        int last = text.charAt(end - 1) == '.' ? end - 1 : end;
        for (int i = 0; i < last; i++) {
            if (text.charAt(i) >= 'A' && text.charAt(i) <= 'Z') {
                return text.substring(0, last).toLowerCase(Locale.ROOT);
            }
        }
        return text.substring(0, last);
    }

    /** Labels of letters, digits, hyphens and underscores, one closing dot. */
    private static boolean isName(String text, int end) {
        if (end == 0 || end > LONGEST_HOST || text.charAt(0) == '.') {
            return false;
        }
        char previous = 0;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean dot = c == '.';
            boolean labelCharacter = c == '-' || c == '_' || isAlphanumeric(c);
            if ((dot && previous == '.') || !(dot || labelCharacter)) {
                return false;
            }
            previous = c;
        }
        return true;
    }

    /** Only the characters and the colons of an IPv6 address; whether it is one is for whoever connects to it. */
    private static boolean isIpv6Literal(String text, int end) {
        if (end < 4 || end > LONGEST_IPV6) {
            return false;
        }
        int colons = 0;
        for (int i = 1; i < end - 1; i++) {
            char c = text.charAt(i);
            if (c == ':') {
                colons++;
            } else if (c != '.' && PathCharacters.hexDigit(c) < 0) {
                return false;
            }
        }
        return colons >= 2 && colons <= 7;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    }

    /** The port behind the colon at {@code at}; 0 if that is no port. A colon with nothing behind it says no port (RFC 3986 3.2.3). */
    private static int port(String text, int at) {
        if (text.charAt(at) != ':' || text.length() - at > 6) {
            return 0;
        }
        if (at + 1 == text.length()) {
            return NO_PORT;
        }
        int value = 0;
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return 0;
            }
            value = value * 10 + c - '0';
        }
        return value > 65_535 ? 0 : value;
    }
}
