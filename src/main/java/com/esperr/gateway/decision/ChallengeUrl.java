package com.esperr.gateway.decision;

import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.ReturnUrl;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Where a challenge that the gateway orders itself sends a visitor: an http(s) URL or a path on this site, in which
 * {@code {return_url}}, {@code {reference}} and {@code {level}}, how much a pass has to say, are filled in, percent-encoded. Immutable.
 *
 * @param template the URL as configured
 */
public record ChallengeUrl(String template) implements ChallengePlace {
    private static final String RETURN_URL = "{return_url}";
    private static final String REFERENCE = "{reference}";
    private static final String LEVEL = "{level}";

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it is neither a path nor an http(s) URL
     */
    public static ChallengeUrl parse(String text) {
        URI sample =
                URI.create(text.replace(RETURN_URL, "r").replace(REFERENCE, "r").replace(LEVEL, "1"));
        boolean path = text.startsWith("/") && !text.startsWith("//") && !text.startsWith("/\\");
        boolean url = ("http".equals(sample.getScheme()) || "https".equals(sample.getScheme()))
                && sample.getHost() != null
                && sample.getUserInfo() == null;
        if (!path && !url) {
            throw new IllegalArgumentException("neither a path nor an http(s) URL");
        }
        return new ChallengeUrl(text);
    }

    @Override
    public boolean leadsTo(RequestContext request) {
        int end = template.indexOf('?');
        return template.startsWith("/") && (end < 0 ? template : template.substring(0, end)).equals(request.path());
    }

    @Override
    public String fill(RequestContext request) {
        String back = ReturnUrl.of(request);
        String target = back == null ? request.forwardPath() : back;
        return template.replace(RETURN_URL, URLEncoder.encode(target, StandardCharsets.UTF_8))
                .replace(REFERENCE, request.reference())
                .replace(LEVEL, Integer.toString(request.route().requiredLevel()));
    }
}
