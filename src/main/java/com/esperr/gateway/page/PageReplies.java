package com.esperr.gateway.page;

import com.esperr.gateway.http.Escapes;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReply;
import org.jspecify.annotations.Nullable;

/** Pages as answers: stored by nobody, shown in no other site's frame, with the reference under which they stand in the log. Stateless. */
public final class PageReplies {
    static final String VARY =
            "Accept, Accept-Language, Cookie, Sec-Fetch-Mode, Sec-Fetch-Dest, X-Requested-With, HX-Request";

    /** Room for what differs from answer to answer. */
    private static final int OWN_LINES = 128;

    private PageReplies() {}

    /**
     * {@code page} as an answer.
     *
     * @param mitigated what was done to the request, for programs, or null for nothing
     * @param extra further header lines
     */
    public static LocalReply of(Page page, int status, String reference, @Nullable String mitigated, Fields extra) {
        Fields lines = page.lines();
        Fields.Builder fields = Fields.builder(16, lines.length() + OWN_LINES)
                .addAll(lines)
                .add("Content-Length", Integer.toString(page.body().length))
                .add("Esper-Reference", Escapes.url(reference));
        if (mitigated != null) {
            fields.add("Esper-Mitigated", mitigated);
        }
        fields.addAll(extra);
        return new LocalReply(status, fields.build(), page.body());
    }
}
