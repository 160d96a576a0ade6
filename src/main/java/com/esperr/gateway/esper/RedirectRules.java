package com.esperr.gateway.esper;

import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.net.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a challenge may send a visitor: absolute http(s) URLs on the API's host, on a host beside it (same parent domain),
 * on the host the visitor asked for, or on one that configuration allows. Immutable. The answer comes from a service we
 * authenticate to, not from one that authenticates its data to us, so that a redirect is still checked like input.
 */
public final class RedirectRules {
    private static final int LONGEST = 8192;
    private static final int LONGEST_PUBLIC_LABEL = 3;

    private final Set<String> hosts;
    private final @Nullable String siblings;

    private RedirectRules(Set<String> hosts, @Nullable String siblings) {
        this.hosts = hosts;
        this.siblings = siblings;
    }

    /** The rules for an API at {@code apiHost}, with hosts allowed besides. */
    public static RedirectRules of(String apiHost, List<String> allowed) {
        Set<String> hosts = new HashSet<>();
        hosts.add(apiHost.toLowerCase(Locale.ROOT));
        allowed.forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        return new RedirectRules(Set.copyOf(hosts), siblingSuffix(apiHost.toLowerCase(Locale.ROOT)));
    }

    /** Null if {@code url} may be followed by a visitor of {@code authority}, else what is wrong with it. */
    @Nullable
    String objection(String url, String authority) {
        if (url.length() > LONGEST || !isPlain(url)) {
            return "redirect_url: characters or length (expected: a URL)";
        }
        int start = afterScheme(url);
        if (start < 0) {
            return "redirect_url: not absolute (expected: http:// or https://)";
        }
        String host = host(url.substring(start, authorityEnd(url, start)));
        if (host == null) {
            return "redirect_url: host (expected: host or host:port, without user)";
        }
        if (hosts.contains(host) || isSibling(host) || host.equals(host(authority.toLowerCase(Locale.ROOT)))) {
            return null;
        }
        return "redirect_url: " + host + " (expected: a host that challenge.allowed-hosts names)";
    }

    private boolean isSibling(String host) {
        return siblings != null
                && host.endsWith(siblings)
                && host.indexOf('.') == host.length() - siblings.length()
                && host.length() > siblings.length();
    }

    /** What hosts beside {@code host} end in, or null if nothing can be said about its neighbours. */
    private static @Nullable String siblingSuffix(String host) {
        int dot = host.indexOf('.');
        if (dot < 0 || IpAddress.parseOrNull(host) != null) {
            return null;
        }
        String parent = host.substring(dot + 1);
        int last = parent.lastIndexOf('.');
        if (last < 0) {
            return null;
        }
        // co.uk, com.au and their like are not one owner's: everyone would be a neighbour.
        boolean country = parent.length() - last - 1 == 2;
        boolean twoLabels = parent.indexOf('.') == last;
        return country && twoLabels && last <= LONGEST_PUBLIC_LABEL ? null : host.substring(dot);
    }

    private static int afterScheme(String url) {
        if (url.regionMatches(true, 0, "https://", 0, 8)) {
            return 8;
        }
        return url.regionMatches(true, 0, "http://", 0, 7) ? 7 : -1;
    }

    private static int authorityEnd(String url, int start) {
        for (int i = start; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c == '/' || c == '?' || c == '#') {
                return i;
            }
        }
        return url.length();
    }

    /** The lower-case host of {@code host[:port]}, or null if it is anything else. */
    private static @Nullable String host(String authority) {
        try {
            return HostPort.parse(authority, 443).host();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Only what may stand in a URI, which leaves out what browsers correct or drop: controls, spaces, backslashes. */
    private static boolean isPlain(String url) {
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '\\' || c == '"' || c == '<' || c == '>' || c == '^' || c == '`') {
                return false;
            }
        }
        return true;
    }
}
