package com.esperr.gateway.page;

import com.esperr.gateway.http.Fields;

/**
 * What the header says of a page: what it may do, and in which language it is. Immutable; that of a notice is made once for all its readers.
 *
 * @param policy the value of Content-Security-Policy
 * @param language the value of Content-Language
 * @param lines the header lines, but for what differs from answer to answer
 */
record PageHead(String policy, String language, Fields lines) {
    /** A page that may do what {@code policy} says. */
    static PageHead of(String policy, Language language) {
        Fields lines = Fields.builder(8)
                .add("Content-Type", Page.TYPE)
                .add("Cache-Control", "no-store")
                .add("Vary", PageReplies.VARY)
                // What runs on a page of ours runs in the site's name, and nobody's window shall hold on to it.
                .add("Referrer-Policy", "same-origin")
                .add("X-Content-Type-Options", "nosniff")
                .add("Content-Language", language.tag())
                .add("Content-Security-Policy", policy)
                .add("X-Frame-Options", policy.contains("frame-ancestors 'self'") ? "SAMEORIGIN" : "DENY")
                .build();
        return new PageHead(policy, language.tag(), lines);
    }
}
