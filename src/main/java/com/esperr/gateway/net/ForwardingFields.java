package com.esperr.gateway.net;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The forwarding headers that go to the origin. What a trusted proxy sent is continued; what anybody else sent is dropped and started
 * anew, so that an origin that believes the leftmost address is not fooled through us. Stateless pure functions.
 *
 * <p>Every function takes the values that came with the request, and whether the peer may be believed
 * ({@link ClientAddress#peerTrusted}).
 */
public final class ForwardingFields {

    private ForwardingFields() {}

    /** The value of {@code X-Forwarded-For}: the list so far and the peer. */
    public static String xForwardedFor(boolean peerTrusted, List<String> existing, IpAddress peer) {
        return appended(peerTrusted, existing, peer.toString());
    }

    /** The value of {@code X-Forwarded-Proto}: the scheme the visitor used, {@code http} or {@code https}. */
    public static String xForwardedProto(boolean peerTrusted, List<String> existing, String scheme) {
        if (peerTrusted && existing.size() == 1) {
            String claimed = existing.get(0);
            if (claimed.equalsIgnoreCase("https")) {
                return "https";
            }
            if (claimed.equalsIgnoreCase("http")) {
                return "http";
            }
        }
        return scheme;
    }

    /** The value of {@code X-Forwarded-Host}: the host the visitor asked for. */
    public static String xForwardedHost(boolean peerTrusted, List<String> existing, String host) {
        return peerTrusted && existing.size() == 1 && !existing.get(0).isBlank() ? existing.get(0) : host;
    }

    /** The value of {@code Forwarded}: the list so far and an element for this hop (RFC 7239). */
    public static String forwarded(
            boolean peerTrusted, List<String> existing, IpAddress peer, @Nullable String host, String scheme) {
        StringBuilder element = new StringBuilder(64).append("for=");
        if (peer.isIpv6()) {
            element.append("\"[").append(peer).append("]\"");
        } else {
            element.append(peer);
        }
        if (host != null && !host.isEmpty()) {
            element.append(";host=");
            appendValue(element, host);
        }
        element.append(";proto=").append(scheme);
        return appended(peerTrusted, existing, element.toString());
    }

    private static String appended(boolean peerTrusted, List<String> existing, String last) {
        if (!peerTrusted || existing.isEmpty()) {
            return last;
        }
        StringBuilder list = new StringBuilder(64);
        for (String line : existing) {
            if (!line.isBlank()) {
                list.append(line).append(", ");
            }
        }
        return list.append(last).toString();
    }

    private static void appendValue(StringBuilder out, String value) {
        if (isToken(value)) {
            out.append(value);
            return;
        }
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        out.append('"');
    }

    private static boolean isToken(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (!ForwardedElement.isTokenChar(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
