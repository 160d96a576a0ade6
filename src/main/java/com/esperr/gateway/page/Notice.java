package com.esperr.gateway.page;

/** A page that says something and asks for nothing. */
public enum Notice {
    /** A decision blocks the request. */
    BLOCKED("blocked", "stop"),
    /** A challenge was passed, and the browser does not keep the cookie that says so. */
    COOKIES("cookies", "cookie"),
    /** The request itself cannot be answered. */
    REFUSED("refused", "trouble"),
    /** The origin or the gateway failed. */
    FAILED("failed", "trouble"),
    /** There is no such challenge, or none any more. */
    OVER("over", "trouble"),
    /** A challenge was passed, and nobody knows where the visitor wanted to go. */
    THANKS("thanks", "good");

    private final String key;
    private final String mark;

    Notice(String key, String mark) {
        this.key = key;
        this.mark = mark;
    }

    /** How the keys of its texts begin. */
    String key() {
        return key;
    }

    /** The part of the template with its sign. */
    String mark() {
        return mark;
    }

    /** What a status that is no challenge and no block is told as. */
    public static Notice of(int status) {
        return status == 403 ? BLOCKED : status < 500 ? REFUSED : FAILED;
    }
}
