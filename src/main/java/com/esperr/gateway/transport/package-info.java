/**
 * The Netty runtime: event loops, values that exist once per loop, the coarse timer, and a bounded HTTP client for small
 * calls. The client's interface holds no Netty type, so that its users can be tested without a channel. Starting points:
 * {@code EventLoops}, {@code LoopLocal}, {@code HttpClient}.
 */
@NullMarked
package com.esperr.gateway.transport;

import org.jspecify.annotations.NullMarked;
