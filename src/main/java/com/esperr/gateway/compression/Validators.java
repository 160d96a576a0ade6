package com.esperr.gateway.compression;

import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;

/**
 * What compression does to entity tags: the bytes are others, so that a strong one would lie (RFC 9110 section 8.8.1). Stateless.
 */
final class Validators {
    static final String ETAG = "etag";

    private Validators() {}

    static String weak(String tag) {
        return tag.startsWith("W/") ? tag : "W/" + tag;
    }

    /** A 304 names the tag that its client has (RFC 9110 section 15.4.5), which is weak if we made it so. */
    static ResponseHead notModified(ResponseHead head, RequestHead asked) {
        String tag = head.fields().get(ETAG);
        if (tag == null || tag.startsWith("W/")) {
            return head;
        }
        boolean ours = asked.fields().all("if-none-match").stream().anyMatch(line -> line.contains(weak(tag)));
        return ours ? Compression.varied(head.with(ETAG, weak(tag))) : head;
    }
}
