package com.esperr.gateway.page;

import com.esperr.gateway.http.Fields;

/** A page, ready to be sent. Immutable. */
public final class Page {
    /** The value of Content-Type. */
    public static final String TYPE = "text/html; charset=utf-8";

    private final byte[] body;
    private final PageHead head;

    Page(byte[] body, PageHead head) {
        this.body = body;
        this.head = head;
    }

    /** UTF-8, or that in the form of gzip; shared, not to be modified. */
    public byte[] body() {
        return body;
    }

    /** The value of Content-Security-Policy: what the page may do. */
    public String policy() {
        return head.policy();
    }

    /** The value of Content-Language. */
    public String language() {
        return head.language();
    }

    /** All header lines of the page as an answer. */
    Fields lines(String reference) {
        return head.lines(body.length, reference);
    }
}
