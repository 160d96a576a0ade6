package com.esperr.gateway.testkit;

import java.io.IOException;

/**
 * What a test server does with one request whose head has arrived and whose body has not been read yet. Runs in the thread of the
 * connection and may block; when it returns without having ended the connection, the rest of the body is read and the next request served.
 */
@FunctionalInterface
public interface Behaviour {

    /** Answers, or does whatever a bad origin does instead. */
    void respond(OriginExchange exchange) throws IOException, InterruptedException;
}
