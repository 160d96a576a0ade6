package com.esperr.gateway.http;

/** The version of HTTP in which a message came. Immutable. */
public enum HttpVersion {
    /** RFC 1945: no interim responses, no chunks, no need of a host. */
    HTTP_1_0("HTTP/1.0", "1.0"),
    /** RFC 9112. */
    HTTP_1_1("HTTP/1.1", "1.1"),
    /** RFC 9113. */
    HTTP_2("HTTP/2", "2"),
    /** RFC 9114. */
    HTTP_3("HTTP/3", "3");

    private final String text;
    private final String number;

    HttpVersion(String text, String number) {
        this.text = text;
        this.number = number;
    }

    /** HTTP/1.{@code minor}. */
    public static HttpVersion http1(int minor) {
        return minor == 0 ? HTTP_1_0 : HTTP_1_1;
    }

    /** The version as logs show it. */
    public String text() {
        return text;
    }

    /** The version as a Via field shows it (RFC 9110 section 7.6.3). */
    public String number() {
        return number;
    }
}
