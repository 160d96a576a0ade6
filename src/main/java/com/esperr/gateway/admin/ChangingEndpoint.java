package com.esperr.gateway.admin;

/**
 * An address on the operator port that also changes something. A change needs the header {@value Desk#OPERATOR}, which names
 * who asks and which no form or link of a web page can send; a page's script could only after a preflight, which is refused, or if it
 * is our own.
 */
public interface ChangingEndpoint extends Endpoint {
    /** Answers a POST or a DELETE. */
    AdminReply change(AdminChange change);

    /** Whether that may take seconds; it is then done on another thread, so that nobody else waits for it. */
    default boolean isSlow() {
        return false;
    }
}
