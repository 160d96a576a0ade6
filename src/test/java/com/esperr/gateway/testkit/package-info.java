/**
 * The test kit: real loopback peers that speak raw bytes, record what they receive and misbehave on demand. Everything here blocks
 * on JDK sockets in daemon threads, so that a script reads from top to bottom and never depends on the code under test.
 *
 * <p>Starting points: {@link com.esperr.gateway.testkit.RawClient}, {@link com.esperr.gateway.testkit.TestOrigin},
 * {@link com.esperr.gateway.testkit.TestEsper}, {@link com.esperr.gateway.testkit.GatewayProcess}.
 */
@NullMarked
package com.esperr.gateway.testkit;

import org.jspecify.annotations.NullMarked;
