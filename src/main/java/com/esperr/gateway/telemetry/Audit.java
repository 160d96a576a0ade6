package com.esperr.gateway.telemetry;

import java.io.IOException;
import java.util.Map;

/** Where what people change is recorded before it is changed. Thread-safe; blocks on the disk. */
@FunctionalInterface
public interface Audit {
    /**
     * Records a change that is about to be made.
     *
     * @param event what is done, such as {@code policies-replaced}
     * @param by who does it
     * @param about more, by name; a member without a value is left out
     * @throws IOException if it is not on disk; then the change must not be made
     */
    void record(String event, String by, Map<String, String> about) throws IOException;
}
