package com.esperr.gateway.listen;

import com.esperr.gateway.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a PROXY protocol header after some bytes. Immutable.
 *
 * @param state how far it is
 * @param length its bytes in all, if it is complete
 * @param source where the connection comes from; null if the header leaves that to the socket
 */
record ProxyHeader(State state, int length, @Nullable IpAddress source) {
    /** More bytes are needed. */
    static final ProxyHeader PARTIAL = new ProxyHeader(State.PARTIAL, 0, null);
    /** The bytes are something else. */
    static final ProxyHeader ABSENT = new ProxyHeader(State.ABSENT, 0, null);
    /** It begins as one and is none. */
    static final ProxyHeader MALFORMED = new ProxyHeader(State.MALFORMED, 0, null);

    enum State {
        PARTIAL,
        ABSENT,
        MALFORMED,
        COMPLETE
    }

    static ProxyHeader complete(int length, @Nullable IpAddress source) {
        return new ProxyHeader(State.COMPLETE, length, source);
    }
}
