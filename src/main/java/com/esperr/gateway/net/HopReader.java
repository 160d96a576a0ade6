package com.esperr.gateway.net;

import org.jspecify.annotations.Nullable;

/** The hops that one header line names, from the right. Confined to the walk that opened it. */
interface HopReader {

    /** Steps to the next hop on the left; false at the beginning of the line. */
    boolean next();

    /** The address of this hop, or null if it names none. */
    @Nullable
    IpAddress address();

    /** Opens one line. */
    interface Factory {
        HopReader open(String line);
    }
}
