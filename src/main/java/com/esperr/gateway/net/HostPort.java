package com.esperr.gateway.net;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host and a port, as operators write them: {@code app.internal:8080}, {@code 127.0.0.1:80}, {@code [::1]:80}. The host is a
 * name in lower case or the canonical text of an address, without brackets; nothing is looked up. An IPv6 address needs its
 * brackets, because {@code ::1:80} is an address already. Immutable.
 */
public record HostPort(String host, int port) {

    /** The host of a listener that takes connections on every address of the machine. */
    public static final String ANY_HOST = "*";

    private static final String EXPECTED = " (expected: host:port, such as 127.0.0.1:8080 or [::1]:8080)";
    private static final int LONGEST_NAME = 253;

    /** Letters, digits, hyphens, and the underscores of container networks. */
    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9_-]{1,63}\\.)*[A-Za-z0-9_-]{1,63}");

    /** A last label that is a number makes the whole an address to some resolvers ({@code 127.1}), so it is no name here. */
    private static final Pattern LOOKS_NUMERIC = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)");

    public HostPort {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
        }
    }

    /** Reads a text that names both host and port; the port is 1..65535. */
    public static HostPort parse(String text) {
        return parse(text, -1);
    }

    /** Reads a text whose port may be left out; a negative {@code defaultPort} says that it may not. */
    public static HostPort parse(String text, int defaultPort) {
        HostPort read = parseOrNull(text, defaultPort);
        if (read == null) {
            throw new IllegalArgumentException(text + EXPECTED);
        }
        return read;
    }

    /**
     * Reads where to listen: what {@link #parse(String)} reads, and also {@code :8080}, {@code *:8080} and {@code 8080} for every
     * address of the machine. Port 0 asks the system for a free one.
     */
    public static HostPort parseListen(String text) {
        int hostEnd = text.indexOf(':') < 0 ? -1 : hostEnd(text);
        String hostText = text.substring(0, Math.max(hostEnd, 0));
        String host = hostText.isEmpty() || hostText.equals(ANY_HOST) ? ANY_HOST : host(text, hostEnd);
        int port = hostEnd >= text.length() ? -1 : port(text, hostEnd + 1);
        if (host == null || port < 0) {
            throw new IllegalArgumentException(
                    text + " (expected: host:port to listen on, such as 127.0.0.1:8080, [::1]:8080 or :8080)");
        }
        return new HostPort(host, port);
    }

    /** Whether this stands for every address of the machine. */
    public boolean anyHost() {
        return host.equals(ANY_HOST);
    }

    /** The host as an address, or null if it is a name. */
    public @Nullable IpAddress address() {
        return IpAddress.parseOrNull(host);
    }

    /** The host as it stands in a URL or a Host header: with brackets around IPv6. */
    public String bracketedHost() {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    @Override
    public String toString() {
        return bracketedHost() + ":" + port;
    }

    /** What {@link #parse(String, int)} reads, or null, for callers whose text must not end in a message. */
    static @Nullable HostPort parseOrNull(String text, int defaultPort) {
        int hostEnd = hostEnd(text);
        String host = host(text, hostEnd);
        int port = hostEnd == text.length() ? defaultPort : port(text, hostEnd + 1);
        return host == null || port < 1 ? null : new HostPort(host, port);
    }

    /** The index of the colon that separates the port, or the length of the text if there is none. */
    private static int hostEnd(String text) {
        int from = text.startsWith("[") ? text.indexOf(']') + 1 : 0;
        int colon = text.indexOf(':', from);
        return colon < 0 ? text.length() : colon;
    }

    private static @Nullable String host(String text, int end) {
        if (text.startsWith("[")) {
            return bracketed(text, end);
        }
        IpAddress address = IpAddress.parseOrNull(text, 0, end);
        if (address != null) {
            return address.toString();
        }
        String name = text.substring(0, end);
        boolean isName = end <= LONGEST_NAME
                && NAME.matcher(name).matches()
                && !LOOKS_NUMERIC.matcher(name).matches();
        return isName ? name.toLowerCase(Locale.ROOT) : null;
    }

    private static @Nullable String bracketed(String text, int end) {
        if (text.charAt(end - 1) != ']') {
            return null;
        }
        IpAddress address = text.lastIndexOf(':', end - 1) < 0 ? null : IpAddress.parseOrNull(text, 1, end - 1);
        return address == null ? null : address.toString();
    }

    private static int port(String text, int from) {
        int length = text.length() - from;
        if (length < 1 || length > 5) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value > 65_535 ? -1 : value;
    }
}
