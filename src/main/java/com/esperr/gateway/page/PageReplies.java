package com.esperr.gateway.page;

import com.esperr.gateway.http.Escapes;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReply;

/** Pages as answers: stored by nobody, shown in no other site's frame, with the reference under which they stand in the log. Stateless. */
public final class PageReplies {
    static final String VARY =
            "Accept, Accept-Language, Cookie, Sec-Fetch-Mode, Sec-Fetch-Dest, X-Requested-With, HX-Request";

    private PageReplies() {}

    /** {@code page} as an answer with the header lines {@code extra} besides its own. */
    public static LocalReply of(Page page, int status, String reference, Fields extra) {
        Fields own = page.lines(Escapes.url(reference));
        Fields all = extra.size() == 0
                ? own
                : Fields.builder(own.size() + extra.size(), own.length() + extra.length())
                        .addAll(own)
                        .addAll(extra)
                        .build();
        return new LocalReply(status, all, page.body());
    }
}
