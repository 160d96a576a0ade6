package com.esperr.gateway.request;

import com.esperr.gateway.http.QueryParameters;
import org.jspecify.annotations.Nullable;

/**
 * Where a visitor comes back to after a challenge: the URL that was asked for, without any proof of an earlier one, which
 * would otherwise be checked again. What an origin would forgive in a query but RFC 3986 does not allow is percent-encoded,
 * so that no visitor can make a URL that whoever reads it has to refuse. Stateless.
 */
public final class ReturnUrl {
    /** The query parameter in which Esper hands a proof over. */
    public static final String PROOF_PARAMETER = "esper_challenge_proof";

    /** Under which name a visitor who has passed says which request of his was kept. */
    public static final String RESUME_PARAMETER = "esper_challenge_resume";

    private static final boolean[] LEGAL = new boolean[128];

    static {
        for (char c = 0; c < LEGAL.length; c++) {
            LEGAL[c] = Character.isLetterOrDigit(c) || "-._~:/?[]@!$&'()*+,;=".indexOf(c) >= 0;
        }
    }

    private ReturnUrl() {}

    /** The absolute URL, or null if the request does not say which host it was for. */
    public static @Nullable String of(RequestContext request) {
        if (request.described()) {
            String told = request.toldReturnUrl();
            return told == null ? null : encoded(withoutProof(told));
        }
        if (request.authority().isEmpty()) {
            return null;
        }
        String path = request.scheme() + "://" + request.authority() + request.forwardPath();
        String query = QueryParameters.without(request.rawQuery(), PROOF_PARAMETER);
        return encoded(query == null ? path : path + '?' + query);
    }

    /** The path and query that were asked for, without any proof: a reference that cannot leave this site. */
    public static String onThisSite(RequestContext request) {
        String target = request.forwardTarget();
        // A browser takes what stands behind "//" or "/\" for a host.
        boolean host = target.length() > 1 && (target.charAt(1) == '/' || target.charAt(1) == '\\');
        return host ? "/." + target : target;
    }

    /** {@link #onThisSite(RequestContext)} as RFC 3986 has it, so that it survives being told by a page of ours. */
    public static String target(RequestContext request) {
        return encoded(onThisSite(request));
    }

    /**
     * What {@code told} by whoever comes back from a challenge of ours leads to on the site of {@code request}: a path and query, or
     * an absolute URL of the very same site. Whatever else it says leads to the first page.
     */
    public static String onThisSite(String told, RequestContext request) {
        String own = request.scheme() + "://" + request.authority();
        String path = told;
        if (!request.authority().isEmpty() && told.startsWith(own)) {
            path = told.substring(own.length());
        }
        int fragment = path.indexOf('#');
        path = withoutProof(fragment < 0 ? path : path.substring(0, fragment));
        // Not repaired but dropped: what a browser or a proxy in between might read in another way is nobody's page.
        if (!path.startsWith("/") || !encoded(path).equals(path)) {
            return "/";
        }
        return path.startsWith("//") ? "/." + path : path;
    }

    /** {@code url} without any proof, or name of a kept request, in its query. */
    static String withoutProof(String url) {
        int mark = url.indexOf('?');
        if (mark < 0) {
            return url;
        }
        String query = QueryParameters.without(
                QueryParameters.without(url.substring(mark + 1), PROOF_PARAMETER), RESUME_PARAMETER);
        return query == null ? url.substring(0, mark) : url.substring(0, mark + 1) + query;
    }

    /** {@code url} with everything percent-encoded that RFC 3986 does not allow in one. */
    public static String encoded(String url) {
        StringBuilder encoded = null;
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            boolean legal = c == '%' ? isTriplet(url, i) : isLegal(c);
            if (!legal && encoded == null) {
                encoded = new StringBuilder(url.length() + 16).append(url, 0, i);
            }
            if (encoded != null && legal) {
                encoded.append(c);
            } else if (encoded != null) {
                // Targets and hosts are ASCII, so a character is a byte.
                encoded.append('%').append(hex(c >> 4)).append(hex(c));
            }
        }
        return encoded == null ? url : encoded.toString();
    }

    private static boolean isLegal(char c) {
        return c < LEGAL.length && LEGAL[c];
    }

    private static boolean isTriplet(String url, int at) {
        return at + 2 < url.length()
                && Character.digit(url.charAt(at + 1), 16) >= 0
                && Character.digit(url.charAt(at + 2), 16) >= 0;
    }

    private static char hex(int nibble) {
        return Character.toUpperCase(Character.forDigit(nibble & 15, 16));
    }
}
