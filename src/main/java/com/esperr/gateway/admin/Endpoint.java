package com.esperr.gateway.admin;

/** One address on the operator port. Called on the admin thread only, one request at a time; may take milliseconds. */
public interface Endpoint {
    /** The exact path, e.g. {@code /metrics}. */
    String path();

    /** A few words for the index. */
    String about();

    /** Whether it is there now; else its path is like one that nobody knows. Asked on any thread. */
    default boolean present() {
        return true;
    }

    /** Whether paths below {@link #path}, behind a slash, are this endpoint's as well. */
    default boolean answersBelow() {
        return false;
    }

    /** Whether it is answered without the token as well, where one is asked for. */
    default boolean open() {
        return false;
    }

    /** Whether requests that a page of somebody else's has made are refused even if they change nothing. */
    default boolean ownPagesOnly() {
        return false;
    }

    /** Answers a GET; for a HEAD the same is asked and the body left out. */
    AdminReply answer(AdminRequest request);
}
