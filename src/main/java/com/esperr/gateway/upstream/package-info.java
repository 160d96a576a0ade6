/**
 * The origin: which one, how many connections, and the client pipeline. A connection belongs to one event loop for its
 * whole life and serves one exchange at a time, or with HTTP/2 one on each of its streams. Starting points: {@code Upstream}, {@code
 * UpstreamConnection}, {@code UpstreamStream}.
 */
@NullMarked
package com.esperr.gateway.upstream;

import org.jspecify.annotations.NullMarked;
