package com.esperr.gateway.proxy;

import java.util.Set;

/**
 * Names that framing, routing and identity rest on, in the spelling that CGI-style origins fold every spelling to. A field
 * that becomes one of them only by that folding is an attempt to smuggle it past us. Immutable.
 */
final class ProtectedNames {
    private static final Set<String> NAMES = Set.of(
            "host",
            "content-length",
            "content-type",
            "transfer-encoding",
            "connection",
            "authorization",
            "cookie",
            "forwarded",
            "via",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-forwarded-scheme",
            "x-forwarded-ssl",
            "x-real-ip",
            "x-client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "x-original-url",
            "x-rewrite-url");

    private ProtectedNames() {}

    /**
     * The name in lower case with {@code -} for everything that is neither letter nor digit, because a gateway to CGI makes an
     * underscore of all that.
     */
    static String canonical(String name) {
        StringBuilder canonical = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            canonical.append(letter ? (char) (c | 0x20) : c >= '0' && c <= '9' ? c : '-');
        }
        return canonical.toString();
    }

    /** Whether the canonical {@code name} is protected. */
    static boolean contains(String name) {
        return NAMES.contains(name);
    }
}
