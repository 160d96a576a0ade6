package com.esperr.gateway.signatures;

/** What a message brings as its signature cannot be one. Without a stack: anybody can cause any number of them. */
public final class BadSignature extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadSignature(String message) {
        super(message, null, false, false);
    }

    /** One sentence on what is wrong. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
