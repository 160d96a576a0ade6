package com.esperr.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a challenge may send a visitor: absolute http(s) URLs on the API's host, on a host beside it under the same domain, on the host
 * the visitor asked for, or on one that the application allows. Immutable. A redirect is checked although the service is trusted,
 * because it is what an attacker who gets at the answer would change.
 */
final class ChallengeHosts {
    private static final int LONGEST = 8192;
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*");
    // co.uk, com.au and their like are not one owner's: everyone would be a neighbour.
    private static final Pattern PUBLIC_SUFFIX = Pattern.compile("[^.]{1,3}\\.[^.]{2}|[^.]*");

    private final Settings settings;
    private final String apiHost;
    private final @Nullable String neighbours;
    private final @Nullable String ownHost;

    /** The hosts for a visitor who comes back to {@code returnUrl}. */
    ChallengeHosts(Settings settings, String returnUrl) {
        this.settings = settings;
        this.apiHost = settings.endpoint().getHost();
        this.neighbours = neighbours(apiHost);
        this.ownHost = host(returnUrl);
    }

    /** {@code url} if a visitor may be sent there. */
    String checked(@Nullable String url) throws MalformedAnswerException {
        if (url == null) {
            throw unusable("missing (expected: the URL of the challenge)");
        }
        String host = url.length() > LONGEST ? null : host(url);
        if (host == null) {
            throw unusable("not one (expected: an absolute http or https URL)");
        }
        if (!host.equals(apiHost) && !isNeighbour(host) && !host.equals(ownHost) && !isAllowed(host)) {
            throw unusable(settings.apiKey().start(host, 128) + " (expected: a host that challengeHosts allows)");
        }
        return url;
    }

    private boolean isAllowed(String host) {
        return settings.challengeHosts().contains(host);
    }

    private boolean isNeighbour(String host) {
        int dot = host.indexOf('.');
        return neighbours != null && dot > 0 && host.substring(dot + 1).equals(neighbours);
    }

    /** The domain whose hosts are neighbours of {@code host}, or null if nothing can be said about them. */
    private static @Nullable String neighbours(String host) {
        if (ADDRESS.matcher(host).matches()) {
            return null;
        }
        String parent = host.substring(host.indexOf('.') + 1);
        return host.indexOf('.') < 0 || PUBLIC_SUFFIX.matcher(parent).matches() ? null : parent;
    }

    /** The host of an absolute http(s) URL without user, in lower case, or null. */
    private static @Nullable String host(String url) {
        try {
            URI uri = new URI(url);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean web = scheme.equals("https") || scheme.equals("http");
            boolean plain = url.chars().allMatch(c -> c > ' ' && c < 0x7f);
            String host = uri.getHost();
            return web && plain && host != null && uri.getRawUserInfo() == null ? host.toLowerCase(Locale.ROOT) : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static MalformedAnswerException unusable(String detail) {
        return new MalformedAnswerException(EsperApiException.Problem.UNUSABLE_CHALLENGE, "redirect_url: " + detail);
    }
}
