package com.esperr.gateway.tls;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The fingerprint of a TLS client after the published JA4 method (FoxIO, technical details of JA4): what it offers, in an order
 * that does not depend on its dice. Stateless.
 */
final class Ja4 {
    private static final int MAX_COUNT = 99;
    private static final int HASH = 12;
    private static final String NOTHING = "0".repeat(HASH);
    private static final HexFormat HEX = HexFormat.of();

    private Ja4() {}

    /** The fingerprint of a client that speaks TLS over TCP. */
    static String of(ClientHello hello) {
        return 't'
                + version(hello.version())
                + (hello.has(ExtensionType.SERVER_NAME) ? 'd' : 'i')
                + count(hello.ciphers().length)
                + count(hello.extensions().length)
                + protocol(hello.protocol())
                + '_'
                + hash(sorted(hello.ciphers()))
                + '_'
                + hash(extensions(hello));
    }

    private static String version(int version) {
        return switch (version) {
            case 0x0304 -> "13";
            case 0x0303 -> "12";
            case 0x0302 -> "11";
            case 0x0301 -> "10";
            case 0x0300 -> "s3";
            case 0x0002 -> "s2";
            default -> "00";
        };
    }

    private static String count(int number) {
        int shown = Math.min(number, MAX_COUNT);
        return shown < 10 ? "0" + shown : Integer.toString(shown);
    }

    /** The first and the last character of the first protocol, or of its hexadecimal form if one of them is neither letter nor digit. */
    private static String protocol(byte[] name) {
        if (name.length == 0) {
            return "00";
        }
        byte first = name[0];
        byte last = name[name.length - 1];
        if (isAlphanumeric(first) && isAlphanumeric(last)) {
            return "" + (char) first + (char) last;
        }
        return "" + HEX.toHighHexDigit(first) + HEX.toLowHexDigit(last);
    }

    private static boolean isAlphanumeric(byte b) {
        return (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
    }

    /** Name and protocol are left out, as they change with where the client goes. */
    private static String extensions(ClientHello hello) {
        char[] types = hello.extensions();
        char[] kept = new char[types.length];
        int count = 0;
        for (char type : types) {
            if (type != ExtensionType.SERVER_NAME && type != ExtensionType.ALPN) {
                kept[count++] = type;
            }
        }
        String sorted = sorted(Arrays.copyOf(kept, count));
        return sorted.isEmpty() || hello.signatureAlgorithms().length == 0
                ? sorted
                : sorted + '_' + list(hello.signatureAlgorithms());
    }

    private static String sorted(char[] values) {
        char[] copy = values.clone();
        Arrays.sort(copy);
        return list(copy);
    }

    private static String list(char[] values) {
        StringBuilder list = new StringBuilder(values.length * 5);
        for (char value : values) {
            list.append(list.isEmpty() ? "" : ",").append(HEX.toHexDigits(value));
        }
        return list.toString();
    }

    private static String hash(String list) {
        if (list.isEmpty()) {
            return NOTHING;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(list.getBytes(StandardCharsets.US_ASCII));
            return HEX.formatHex(hash).substring(0, HASH);
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every JDK has SHA-256", absent);
        }
    }
}
