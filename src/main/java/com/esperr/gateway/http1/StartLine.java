package com.esperr.gateway.http1;

/** The resumable scanner of a request or status line at the start of an array; confined to the event loop of its channel. */
sealed interface StartLine permits RequestLineScanner, StatusLineScanner {
    /** Prepares for the next line. */
    void begin();

    /** Reads on in {@code bytes}, of which {@code to} are there. */
    Scan scan(byte[] bytes, int to);

    /** Where the line ends, with its CRLF, after {@code DONE}. */
    int end();

    /** Why, after {@code BAD}. */
    BadMessage fault();
}
