package com.esperr.gateway.page;

import org.jspecify.annotations.Nullable;

/**
 * For whom a page is made. Immutable.
 *
 * @param site the host that was asked for, which stands in for the name of the site; may be empty
 * @param reference under which the request stands in the log
 * @param languages the value of Accept-Language, or null
 */
public record Reader(
        String site, String reference, @Nullable String languages) {}
