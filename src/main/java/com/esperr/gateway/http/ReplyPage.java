package com.esperr.gateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/**
 * The page of {@code reply.html}, read once and cut at its placeholders. Its style sheet is inside and allowed by its hash, so the page
 * fetches nothing and runs nothing. Immutable.
 */
final class ReplyPage {

    private static final String RESOURCE = "reply.html";

    /** Text and placeholder names in turn. */
    private final String[] pieces;

    private final String contentSecurityPolicy;

    private ReplyPage(String template) {
        pieces = template.split("\\{\\{|\\}\\}", -1);
        String style =
                template.substring(template.indexOf("<style>") + "<style>".length(), template.indexOf("</style>"));
        contentSecurityPolicy = "default-src 'none'; style-src 'sha256-" + sha256(style)
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /** Reads the page from the class path. */
    static ReplyPage load() {
        try (InputStream in = ReplyPage.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + ": missing (expected: beside its class)");
            }
            return new ReplyPage(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What the page may do: use its own style. */
    String contentSecurityPolicy() {
        return contentSecurityPolicy;
    }

    /** The page with every placeholder filled; values are escaped here. */
    String fill(Map<String, String> values) {
        StringBuilder page = new StringBuilder(2_048);
        for (int i = 0; i < pieces.length; i++) {
            page.append(i % 2 == 0 ? pieces[i] : Escapes.html(values.getOrDefault(pieces[i], "")));
        }
        return page.toString();
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
