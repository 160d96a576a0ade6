package com.esperr.gateway.request;

import com.esperr.gateway.http.QueryParameters;
import org.jspecify.annotations.Nullable;

/**
 * Where a visitor comes back to after a challenge: the URL that was asked for, without any proof of an earlier one, which
 * would otherwise be checked again. Stateless.
 */
public final class ReturnUrl {
    /** The query parameter in which Esper hands a proof over. */
    public static final String PROOF_PARAMETER = "esper_challenge_proof";

    private ReturnUrl() {}

    /** The absolute URL, or null if the request does not say which host it was for. */
    public static @Nullable String of(RequestContext request) {
        if (request.authority().isEmpty()) {
            return null;
        }
        String path = request.scheme() + "://" + request.authority() + request.forwardPath();
        String query = QueryParameters.without(request.rawQuery(), PROOF_PARAMETER);
        return query == null ? path : path + '?' + query;
    }
}
