package com.esperr.gateway.telemetry;

/** What one scrape answers. Immutable by agreement: nobody changes the body. */
public final class Scrape {
    private final String contentType;
    private final byte[] body;

    Scrape(String contentType, byte[] body) {
        this.contentType = contentType;
        this.body = body;
    }

    /** The media type with its parameters. */
    public String contentType() {
        return contentType;
    }

    /** The exposition as UTF-8. */
    public byte[] body() {
        return body;
    }
}
