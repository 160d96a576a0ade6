package com.esperr.gateway.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The pages of {@code challenge.html}: what to do, that it is done, that it is too late. They fetch nothing and run nothing;
 * their style is inside and allowed by its hash. Immutable.
 */
final class ChallengePages {
    private static final String RESOURCE = "challenge.html";

    private final String template;
    private final String style;

    private ChallengePages(String template) {
        this.template = template;
        this.style = "sha256-"
                + sha256(template.substring(
                        template.indexOf("<style>") + "<style>".length(), template.indexOf("</style>")));
    }

    static ChallengePages load() {
        try (InputStream in = ChallengePages.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + ": missing (expected: beside its class)");
            }
            return new ChallengePages(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What to do; {@code returnUrl} is where its form leads in the end. */
    Page challenge(@Nullable String returnUrl) {
        String form = """
                <p id="why">This site wants to know that somebody is there. Press the button to go on.</p>
                <form method="post"><button type="submit" aria-describedby="why" autofocus>I am here</button></form>
                """;
        // Browsers hold the redirect that follows a form against form-action as well.
        return page("One moment", form, returnUrl == null ? "'self'" : "'self' " + origin(returnUrl));
    }

    /** That it is done. */
    Page passed() {
        return page("Thank you", "<p>You can go back to the site you came from.</p>\n", "'none'");
    }

    /** That there is no such challenge, or none any more. */
    Page over() {
        return page(
                "This page is no longer valid",
                "<p>It may have been used already. Go back to the site you came from and try again.</p>\n",
                "'none'");
    }

    private Page page(String title, String content, String formAction) {
        String html = template.replace("{{title}}", title).replace("{{content}}", content);
        return new Page(
                html.getBytes(StandardCharsets.UTF_8),
                "default-src 'none'; style-src '" + style + "'; form-action " + formAction
                        + "; base-uri 'none'; frame-ancestors 'none'");
    }

    private static String origin(String url) {
        int host = url.indexOf("://") + 3;
        for (int i = host; i < url.length(); i++) {
            if (url.charAt(i) == '/' || url.charAt(i) == '?') {
                return url.substring(0, i);
            }
        }
        return url;
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A page and what it may do. */
    static final class Page {
        private final byte[] body;
        private final String contentSecurityPolicy;

        Page(byte[] body, String contentSecurityPolicy) {
            this.body = body;
            this.contentSecurityPolicy = contentSecurityPolicy;
        }

        byte[] body() {
            return body;
        }

        String contentSecurityPolicy() {
            return contentSecurityPolicy;
        }
    }
}
