package com.esperr.gateway.net;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which header names the client when a trusted proxy stands in front: {@code X-Forwarded-For}, {@code Forwarded}, or one header with
 * one address such as {@code CF-Connecting-IP}. One and not a list of candidates, because a proxy overwrites the header it knows and
 * passes on the others as the visitor sent them. Immutable.
 */
public record ForwardingHeader(AddressSource source, String lowerCaseName) {

    public static final ForwardingHeader X_FORWARDED_FOR =
            new ForwardingHeader(AddressSource.X_FORWARDED_FOR, "x-forwarded-for");
    public static final ForwardingHeader FORWARDED = new ForwardingHeader(AddressSource.FORWARDED, "forwarded");

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]+");

    /** The header of that name, which is read as a list if it is one of the two that are lists and as one address otherwise. */
    public static ForwardingHeader parse(String name) {
        String lowerCaseName = name.toLowerCase(Locale.ROOT);
        if (!TOKEN.matcher(lowerCaseName).matches()) {
            throw new IllegalArgumentException(
                    name + " (expected: a header name such as x-forwarded-for, forwarded or cf-connecting-ip)");
        }
        return switch (lowerCaseName) {
            case "x-forwarded-for" -> X_FORWARDED_FOR;
            case "forwarded" -> FORWARDED;
            default -> new ForwardingHeader(AddressSource.HEADER, lowerCaseName);
        };
    }
}
