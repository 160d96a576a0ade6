package com.esperr.gateway.admin;

/** One address on the operator port. Called on the admin thread only, one request at a time; may take milliseconds. */
public interface Endpoint {
    /** The exact path, e.g. {@code /metrics}. */
    String path();

    /** A few words for the index. */
    String about();

    /** Answers a GET; for a HEAD the same is asked and the body left out. */
    AdminReply answer(AdminRequest request);
}
