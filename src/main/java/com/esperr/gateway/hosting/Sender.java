package com.esperr.gateway.hosting;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.request.RequestContext;

/**
 * Whose page has made a browser send something to a path of ours, as far as the browser tells (Fetch Metadata; RFC 6454, 7). What
 * another site can make a browser send must not count against the visitor.
 */
enum Sender {
    /** This very site's. */
    OURS,
    /** Another site's, a sibling under the same domain included. */
    ANOTHER,
    /** It is not told: there is no page, or the browser is old, or keeps it to itself. */
    UNTOLD;

    static Sender of(RequestContext request) {
        String site = request.fields().get(FieldName.SEC_FETCH_SITE);
        if (site != null) {
            return site.equals("same-origin") ? OURS : site.equals("none") ? UNTOLD : ANOTHER;
        }
        String origin = request.fields().get(FieldName.ORIGIN);
        // Pages of ours send no referrer, and a form of such a page says "null".
        if (origin == null || origin.equals("null")) {
            return UNTOLD;
        }
        // Without the scheme, which somebody in front may have changed.
        return origin.endsWith("://" + request.authority()) ? OURS : ANOTHER;
    }
}
