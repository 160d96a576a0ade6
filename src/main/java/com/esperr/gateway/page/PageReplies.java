package com.esperr.gateway.page;

import com.esperr.gateway.http.Escapes;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReply;
import org.jspecify.annotations.Nullable;

/** Pages as answers: stored by nobody, shown in no other site's frame, with the reference under which they stand in the log. Stateless. */
public final class PageReplies {
    static final String VARY =
            "Accept, Accept-Language, Cookie, Sec-Fetch-Mode, Sec-Fetch-Dest, X-Requested-With, HX-Request";

    /** What every page has, written once. */
    private static final Fields ALWAYS = Fields.builder(5)
            .add("Content-Type", Page.TYPE)
            .add("Cache-Control", "no-store")
            .add("Vary", VARY)
            // What runs on a page of ours runs in the site's name, and nobody's window shall hold on to it.
            .add("Referrer-Policy", "same-origin")
            .add("X-Content-Type-Options", "nosniff")
            .build();

    private PageReplies() {}

    /**
     * {@code page} as an answer.
     *
     * @param mitigated what was done to the request, for programs, or null for nothing
     * @param extra further header lines
     */
    public static LocalReply of(Page page, int status, String reference, @Nullable String mitigated, Fields extra) {
        Fields.Builder fields = Fields.builder(16)
                .addAll(ALWAYS)
                .add("Content-Length", Integer.toString(page.body().length))
                .add("Content-Language", page.language())
                .add("Content-Security-Policy", page.policy())
                .add("X-Frame-Options", page.policy().contains("frame-ancestors 'self'") ? "SAMEORIGIN" : "DENY")
                .add("Esper-Reference", Escapes.url(reference));
        if (mitigated != null) {
            fields.add("Esper-Mitigated", mitigated);
        }
        fields.addAll(extra);
        return new LocalReply(status, fields.build(), page.body());
    }
}
