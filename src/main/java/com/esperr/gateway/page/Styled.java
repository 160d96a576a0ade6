package com.esperr.gateway.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A page with one style, which is made as short as it can be, as every reader of a flood gets it, and is told by its hash. Immutable.
 *
 * @param page the page, with the short style
 * @param source the style as a Content-Security-Policy names it (CSP 3, section 2.3.1)
 */
record Styled(String page, String source) {
    private static final String BEGIN = "<style>";
    private static final String END = "</style>";
    private static final Pattern SPACE = Pattern.compile("\\s+");
    // No selector of ours has a blank before a colon, where it would mean something.
    private static final Pattern AROUND_MARKS = Pattern.compile(" ?([{};:,]) ?");

    /** Shortens the style of {@code page}. */
    static Styled of(String page) {
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END, from);
        String style = shortened(page.substring(from, to));
        return new Styled(page.substring(0, from) + style + page.substring(to), "'sha256-" + hash(style) + "'");
    }

    private static String shortened(String style) {
        String line = SPACE.matcher(style).replaceAll(" ").strip();
        return AROUND_MARKS.matcher(line).replaceAll("$1").replace(";}", "}");
    }

    private static String hash(String style) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return Base64.getEncoder().encodeToString(digest.digest(style.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java has it.
            throw new IllegalStateException(impossible);
        }
    }
}
