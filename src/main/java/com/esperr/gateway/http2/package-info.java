/**
 * What HTTP/2 adds to HTTP, apart from its connections: header lists as heads and back, frames as they are counted, and the
 * floods that are not put up with. Frames themselves and HPACK are Netty's.
 */
@NullMarked
package com.esperr.gateway.http2;

import org.jspecify.annotations.NullMarked;
