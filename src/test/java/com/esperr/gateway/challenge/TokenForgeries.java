package com.esperr.gateway.challenge;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** What somebody makes of a token in base64url who has no key: every text is another one than the token. Stateless. */
final class TokenForgeries {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private TokenForgeries() {}

    /** {@code bytes} with each of their bits turned in turn. */
    static Set<String> flipped(byte[] bytes) {
        Set<String> all = new LinkedHashSet<>();
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            all.add(encoded(flipped));
        }
        return all;
    }

    /** {@code token} cut off at every place, at either end. */
    static Set<String> truncated(String token) {
        Set<String> all = new LinkedHashSet<>();
        for (int i = 0; i < token.length(); i++) {
            all.add(token.substring(0, i));
            all.add(token.substring(token.length() - i));
        }
        return all;
    }

    /** {@code token} with something put in at every place. */
    static Set<String> extended(String token, Random random) {
        Set<String> all = new LinkedHashSet<>();
        for (int i = 0; i <= token.length(); i++) {
            StringBuilder more = new StringBuilder();
            for (int n = 1 + random.nextInt(8); n > 0; n--) {
                more.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            all.add(token.substring(0, i) + more + token.substring(i));
        }
        all.add(token + token);
        all.add(token + '.' + token);
        return all;
    }

    /** Other texts that a lenient reader takes for {@code token}. */
    static Set<String> respelled(String token) {
        Set<String> all = new LinkedHashSet<>();
        for (String more : new String[] {"=", "==", " ", "\t", "\n", "\r\n", "\0", ".", "%3D", "\u00a0"}) {
            all.add(token + more);
            all.add(more + token);
            all.add(token.substring(0, token.length() / 2) + more + token.substring(token.length() / 2));
        }
        all.add('"' + token + '"');
        all.add(token.replace('-', '+').replace('_', '/'));
        all.add(token.replace("-", "%2D").replace("_", "%5F"));
        all.add(token.toLowerCase(Locale.ROOT));
        all.add(token.toUpperCase(Locale.ROOT));
        all.add(URLEncoder.encode(token + '=', StandardCharsets.US_ASCII));
        all.add(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(token.getBytes(StandardCharsets.US_ASCII)));
        all.add(encoded(token.getBytes(StandardCharsets.US_ASCII)));
        // The last character may hold bits of nothing, which a lenient reader drops.
        int last = LETTERS.indexOf(token.charAt(token.length() - 1));
        for (int twin = last & ~0xf; twin <= (last | 0xf); twin++) {
            all.add(token.substring(0, token.length() - 1) + LETTERS.charAt(twin));
        }
        all.remove(token);
        return all;
    }

    static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] decoded(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
