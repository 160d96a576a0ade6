package com.esperr.gateway.http;

import java.util.Set;

/** What is known about request methods (RFC 9110 9). Method names are case-sensitive. Stateless. */
public final class Methods {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private Methods() {}

    /** Whether {@code text} can be a method at all: one or more token characters (RFC 9110 5.6.2). */
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
            if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether sending it twice means the same as sending it once, so that it may be repeated (RFC 9110 9.2.2). */
    public static boolean idempotent(String method) {
        return SAFE.contains(method) || method.equals("PUT") || method.equals("DELETE");
    }
}
