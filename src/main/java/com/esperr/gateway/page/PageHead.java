package com.esperr.gateway.page;

import com.esperr.gateway.http.FieldForm;
import com.esperr.gateway.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * What the header says of a page: what it may do, and in which language it is. Thread-safe; that of a notice is made once for all its readers.
 */
final class PageHead {
    private static final String VARY = PageReplies.VARY + ", Accept-Encoding";

    private final String policy;
    private final String language;
    private final Fields fixed;
    private final FieldForm form;

    private PageHead(String policy, String language, Fields fixed) {
        this.policy = policy;
        this.language = language;
        this.fixed = fixed;
        form = new FieldForm(fixed, "Content-Length", "Esper-Reference");
    }

    /**
     * Of a page that may do what {@code policy} says.
     *
     * @param mitigated what is done to the request with it, for programs, or null for nothing
     */
    static PageHead of(String policy, Language language, @Nullable String mitigated) {
        Fields.Builder lines = Fields.builder(16)
                .add("Content-Type", Page.TYPE)
                .add("Cache-Control", "no-store")
                .add("Vary", VARY)
                // What runs on a page of ours runs in the site's name, and nobody's window shall hold on to it.
                .add("Referrer-Policy", "same-origin")
                .add("X-Content-Type-Options", "nosniff")
                .add("Content-Language", language.tag())
                .add("Content-Security-Policy", policy)
                .add("X-Frame-Options", policy.contains("frame-ancestors 'self'") ? "SAMEORIGIN" : "DENY");
        if (mitigated != null) {
            lines.add("Esper-Mitigated", mitigated);
        }
        return new PageHead(policy, language.tag(), lines.build());
    }

    /** The head of the same page in the form of gzip. */
    PageHead packed() {
        Fields.Builder lines = Fields.builder(fixed.size() + 1);
        return new PageHead(
                policy,
                language,
                lines.addAll(fixed).add("Content-Encoding", "gzip").build());
    }

    /** The value of Content-Security-Policy. */
    String policy() {
        return policy;
    }

    /** The value of Content-Language. */
    String language() {
        return language;
    }

    /** All lines of an answer with a body of {@code length} bytes. */
    Fields lines(int length, String reference) {
        return form.filled(Integer.toString(length), reference);
    }
}
