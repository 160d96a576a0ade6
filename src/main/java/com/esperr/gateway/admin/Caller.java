package com.esperr.gateway.admin;

import org.jspecify.annotations.Nullable;

/**
 * Who asks, as far as the connection and the request tell. Immutable.
 *
 * @param address whence, without the port
 * @param session what the cookie of a session holds, or null
 * @param secure whether a proxy says that TLS leads to it
 */
public record Caller(String address, @Nullable String session, boolean secure) {
    static final Caller NOBODY = new Caller("", null, false);
}
