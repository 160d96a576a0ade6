package com.esperr.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a visitor comes back to after a challenge: the URL that was asked for without any proof of an earlier one, with what RFC 3986
 * does not allow percent-encoded, so that no visitor can make a URL that whoever reads it must refuse. Stateless.
 */
final class ReturnUrl {
    /** The query parameter in which Esper hands a proof over. */
    static final String PROOF_PARAMETER = "esper_challenge_proof";

    static final Pattern FORM = Pattern.compile("(?is)https?://[^/?#@\\\\]+(?:[/?#].*)?");

    private static final String LEGAL = "-._~:/?[]@!$&'()*+,;=%";

    private ReturnUrl() {}

    /** {@code url}, which matches {@link #FORM}, as it is sent. */
    static String clean(String url) {
        int fragment = url.indexOf('#');
        String whole = fragment < 0 ? url : url.substring(0, fragment);
        int query = whole.indexOf('?');
        if (query < 0) {
            return encoded(whole);
        }
        List<String> kept = new ArrayList<>();
        for (String pair : whole.substring(query + 1).split("&", -1)) {
            if (!isProof(pair)) {
                kept.add(pair);
            }
        }
        String path = whole.substring(0, query);
        return encoded(kept.isEmpty() ? path : path + '?' + String.join("&", kept));
    }

    /** Whether this is the proof, however its name is spelled. */
    private static boolean isProof(String pair) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        return decoded(name).equals(PROOF_PARAMETER);
    }

    private static String decoded(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            if (isTriplet(name, i)) {
                plain.append((char) Integer.parseInt(name, i + 1, i + 3, 16));
                i += 2;
            } else {
                plain.append(name.charAt(i));
            }
        }
        return plain.toString();
    }

    private static String encoded(String url) {
        StringBuilder encoded = new StringBuilder(url.length());
        for (int i = 0; i < url.length(); ) {
            int c = url.codePointAt(i);
            boolean legal = c == '%' ? isTriplet(url, i) : isLegal(c);
            if (legal) {
                encoded.append((char) c);
            } else {
                for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    encoded.append('%').append(hex(octet >> 4)).append(hex(octet));
                }
            }
            i += Character.charCount(c);
        }
        return encoded.toString();
    }

    private static boolean isLegal(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || LEGAL.indexOf(c) >= 0;
    }

    private static boolean isTriplet(String text, int at) {
        return at + 2 < text.length()
                && text.charAt(at) == '%'
                && Character.digit(text.charAt(at + 1), 16) >= 0
                && Character.digit(text.charAt(at + 2), 16) >= 0;
    }

    private static char hex(int nibble) {
        return Character.toUpperCase(Character.forDigit(nibble & 15, 16));
    }
}
