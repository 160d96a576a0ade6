package com.esperr.gateway.transport;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the body of a call straight into the buffer that is sent. Called once on the event loop of the call. */
@FunctionalInterface
public interface BodyWriter {
    /** Writes the whole body; {@code out} never fails and need not be closed. */
    void writeTo(OutputStream out) throws IOException;
}
