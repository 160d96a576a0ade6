package com.esperr.gateway.hybrid;

/** What a server told is not a feed; the message quotes nothing of it. */
final class BadFeed extends Exception {
    private static final long serialVersionUID = 1;

    private final String said;

    BadFeed(String message) {
        super(message, null, false, false);
        this.said = message;
    }

    /** What is wrong. */
    String said() {
        return said;
    }
}
