package com.esperr.gateway.admin;

import org.jspecify.annotations.Nullable;

/**
 * A GET or HEAD on the operator port. Immutable.
 *
 * @param path the path without the query
 * @param query the query without its question mark, undecoded, or null
 * @param accept the Accept header, or null
 * @param caller who asks
 */
public record AdminRequest(
        String path, @Nullable String query, @Nullable String accept, Caller caller) {
    AdminRequest(String path, @Nullable String query, @Nullable String accept) {
        this(path, query, accept, Caller.NOBODY);
    }
}
