package com.esperr.gateway.admin;

import org.jspecify.annotations.Nullable;

/**
 * A POST or DELETE on the operator port. Immutable.
 *
 * @param remove whether it is a DELETE
 * @param query the query without its question mark, undecoded, or null
 * @param body the body as UTF-8
 * @param by who asks, by his own word
 * @param caller who asks, as far as we know
 */
public record AdminChange(boolean remove, @Nullable String query, String body, String by, Caller caller) {}
