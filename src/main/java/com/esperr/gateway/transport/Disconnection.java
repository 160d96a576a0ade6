package com.esperr.gateway.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.NotYetConnectedException;

/** How Netty tells that the other end of a connection is gone, which is nobody's defect. Stateless. */
public final class Disconnection {
    private Disconnection() {}

    /** Whether {@code failure} says that the connection is lost rather than that something is wrong here. */
    public static boolean is(Throwable failure) {
        return failure instanceof IOException
                // A reset whose error a write has taken leaves ENOTCONN to the next read, and that is what Netty calls
                // it.
                || failure instanceof NotYetConnectedException
                || failure instanceof UncheckedIOException;
    }

    /** One line: what the system says of it. */
    public static String describe(Throwable failure) {
        if (failure instanceof NotYetConnectedException) {
            return "connection was reset";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
