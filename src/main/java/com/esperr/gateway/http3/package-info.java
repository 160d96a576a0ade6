/**
 * What HTTP/3 adds to HTTP, apart from its connections: where frames begin and end, and heads as they are sent. QUIC, QPACK and what
 * is inside of frames are Netty's; the rules for header lists are those of HTTP/2.
 */
@NullMarked
package com.esperr.gateway.http3;

import org.jspecify.annotations.NullMarked;
