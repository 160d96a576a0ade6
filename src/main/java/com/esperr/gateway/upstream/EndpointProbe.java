package com.esperr.gateway.upstream;

import org.jspecify.annotations.Nullable;

/** Watches one endpoint. Thread-safe. */
sealed interface EndpointProbe extends AutoCloseable permits ConnectProbe, HealthProbe {
    /** Null if it takes requests, else why not. */
    @Nullable
    String trouble();

    /** Stops watching. */
    @Override
    void close();
}
