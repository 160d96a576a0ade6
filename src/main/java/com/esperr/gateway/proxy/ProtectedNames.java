package com.esperr.gateway.proxy;

import java.util.Locale;
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

    /** The name in lower case with {@code -} for {@code _}. */
    static String canonical(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the canonical {@code name} is protected. */
    static boolean contains(String name) {
        return NAMES.contains(name);
    }
}
