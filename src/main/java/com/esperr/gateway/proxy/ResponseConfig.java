package com.esperr.gateway.proxy;

import com.esperr.gateway.compression.CompressionConfig;
import com.esperr.gateway.config.Section;

/**
 * Sections {@code response} and {@code compression}: what becomes of the origin's responses. Immutable.
 *
 * @param edits what is changed in their heads
 * @param compression which of them are compressed
 * @param serverTiming whether they say how long decision and origin took
 */
public record ResponseConfig(ResponseEdits edits, CompressionConfig compression, boolean serverTiming) {
    /** They pass as they are. */
    static final ResponseConfig UNCHANGED = new ResponseConfig(ResponseEdits.NONE, CompressionConfig.OFF, false);

    /** Reads both sections of the root. */
    public static ResponseConfig read(Section root) {
        return new ResponseConfig(
                ResponseEdits.read(root.section("response").section("headers")),
                CompressionConfig.read(root.section("compression")),
                root.section("response").flag("server-timing"));
    }
}
