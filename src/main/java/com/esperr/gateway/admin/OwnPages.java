package com.esperr.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;

/**
 * Tells requests of our own pages from those that pages of others have made. Cookies do not know ports, so the application behind the
 * gateway may well be the same site as the operator port; the origin is what tells them apart. Static only.
 */
final class OwnPages {
    private OwnPages() {}

    /** Whether a page of somebody else's has made {@code request}; a program's has neither of the headers. */
    static boolean foreign(HttpRequest request) {
        HttpHeaders headers = request.headers();
        String site = headers.get("sec-fetch-site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
        String host = headers.get(HttpHeaderNames.HOST, "");
        return !origins.isEmpty()
                && !(origins.size() == 1
                        && (origins.get(0).equalsIgnoreCase("http://" + host)
                                || origins.get(0).equalsIgnoreCase("https://" + host)));
    }
}
