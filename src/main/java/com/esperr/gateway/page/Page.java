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

    /** UTF-8; shared, not to be modified. */
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

    /** The header lines that are the same for all its readers. */
    Fields lines() {
        return head.lines();
    }
}
