package com.esperr.gateway.page;

/** A page, ready to be sent. Immutable. */
public final class Page {
    /** The value of Content-Type. */
    public static final String TYPE = "text/html; charset=utf-8";

    private final byte[] body;
    private final String policy;
    private final String language;

    Page(byte[] body, String policy, String language) {
        this.body = body;
        this.policy = policy;
        this.language = language;
    }

    /** UTF-8; shared, not to be modified. */
    public byte[] body() {
        return body;
    }

    /** The value of Content-Security-Policy: what the page may do. */
    public String policy() {
        return policy;
    }

    /** The value of Content-Language. */
    public String language() {
        return language;
    }
}
