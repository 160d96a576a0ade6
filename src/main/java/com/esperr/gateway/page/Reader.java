package com.esperr.gateway.page;

import org.jspecify.annotations.Nullable;

/**
 * For whom a page is made. Immutable.
 *
 * @param site the host that was asked for, which stands in for the name of the site; may be empty
 * @param reference under which the request stands in the log
 * @param languages the value of Accept-Language, or null
 * @param codings the value of Accept-Encoding, or null for one who gets the page as it is
 */
public record Reader(
        String site,
        String reference,
        @Nullable String languages,
        @Nullable String codings) {
    /** One who gets the page as it is. */
    public Reader(String site, String reference, @Nullable String languages) {
        this(site, reference, languages, null);
    }
}
