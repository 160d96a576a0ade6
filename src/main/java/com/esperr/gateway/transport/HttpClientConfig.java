package com.esperr.gateway.transport;

import com.esperr.gateway.net.OriginUrl;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One service that is called, and what calling it may cost. Immutable.
 *
 * @param url scheme, host and port
 * @param connectTimeout for one TCP connection
 * @param handshakeTimeout for TLS on top of it
 * @param idleTimeout how long an unused connection is kept
 * @param maxConnections connections per event loop
 * @param maxWaiting calls per event loop that may wait for a connection
 * @param maxResponseBytes the longest body that is accepted
 * @param caFile PEM file of the authorities to trust instead of the JDK's, or null
 */
public record HttpClientConfig(
        OriginUrl url,
        Duration connectTimeout,
        Duration handshakeTimeout,
        Duration idleTimeout,
        int maxConnections,
        int maxWaiting,
        int maxResponseBytes,
        @Nullable Path caFile) {
    boolean tls() {
        return url.scheme() == OriginUrl.Scheme.HTTPS;
    }
}
