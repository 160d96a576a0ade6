package com.esperr.gateway.challenge;

import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.ReturnUrl;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.KeyHash;
import com.esperr.gateway.state.StateKey;
import org.jspecify.annotations.Nullable;

/** Keys by which a visitor who keeps nothing is known again when he comes back to one page. Immutable. */
final class VisitorPage {
    private final HashSeed seed = HashSeed.random();

    /** The key of the visitor and the page of {@code request}. */
    StateKey of(RequestContext request) {
        return of(request, ReturnUrl.target(request));
    }

    /** The same when {@code request} is for a path of ours, and {@code target} is what was asked for in the first place. */
    StateKey of(RequestContext request, String target) {
        return new KeyHash(seed)
                .add(request.client().address().toString())
                .add(text(request.userAgent()))
                .add(text(request.fields().get("accept-language")))
                .add(request.authority())
                .add(target)
                .key();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
