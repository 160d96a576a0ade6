package com.esperr.gateway.upstream;

/** How far an origin had come with a request when its connection was lost. */
public enum Loss {
    /** It says that it has not looked at it (RFC 9113 section 8.7), so that anything may be sent again. */
    UNPROCESSED,
    /** Not a single byte of an answer had arrived; what was done about the request is not known. */
    UNANSWERED,
    /** An answer had begun. */
    ANSWERED
}
