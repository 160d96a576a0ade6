/**
 * The origin: which one, how many connections, and the client pipeline. A connection belongs to one event loop for its
 * whole life and serves one exchange at a time. Starting points: {@code Upstream}, {@code UpstreamConnection}.
 */
@NullMarked
package com.esperr.gateway.upstream;

import org.jspecify.annotations.NullMarked;
