package com.esperr.gateway.page;

import org.jspecify.annotations.Nullable;

/** A page that says something and asks for nothing. */
public enum Notice {
    /** A decision blocks the request. */
    BLOCKED("blocked", "stop", "block"),
    /** A challenge was passed, and the browser does not keep the cookie that says so. */
    COOKIES("cookies", "cookie", "challenge"),
    /** It is refused, though nothing decided that. */
    FORBIDDEN("blocked", "stop", null),
    /** The request itself cannot be answered. */
    REFUSED("refused", "trouble", null),
    /** The origin or the gateway failed. */
    FAILED("failed", "trouble", null),
    /** There is no such challenge, or none any more. */
    OVER("over", "trouble", null),
    /** A challenge was passed, and nobody knows where the visitor wanted to go. */
    THANKS("thanks", "good", null);

    private final String key;
    private final String mark;
    private final @Nullable String mitigated;

    Notice(String key, String mark, @Nullable String mitigated) {
        this.key = key;
        this.mark = mark;
        this.mitigated = mitigated;
    }

    /** What is done to the request with it, for programs, or null for nothing. */
    @Nullable
    String mitigated() {
        return mitigated;
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
        return status == 403 ? FORBIDDEN : status < 500 ? REFUSED : FAILED;
    }
}
