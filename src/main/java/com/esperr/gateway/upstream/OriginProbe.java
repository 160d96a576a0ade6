package com.esperr.gateway.upstream;

import com.esperr.gateway.transport.EventLoops;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows whether an origin can be reached, for readiness: one of its endpoints is enough. Thread-safe. */
public final class OriginProbe implements AutoCloseable {
    private final List<EndpointProbe> probes = new ArrayList<>();

    /** Starts probing the endpoints of {@code upstream}: by the question of {@code health.path}, else by connecting. */
    public OriginProbe(Upstream upstream, EventLoops loops) {
        for (OriginEndpoint endpoint : upstream.endpoints()) {
            probes.add(
                    endpoint.config().health().path() == null
                            ? new ConnectProbe(endpoint, loops)
                            : new HealthProbe(endpoint, loops));
        }
    }

    /** Null if the origin takes requests, else why not; an origin that is nowhere takes none. */
    public @Nullable String trouble() {
        List<String> troubles = new ArrayList<>();
        for (EndpointProbe probe : probes) {
            String trouble = probe.trouble();
            if (trouble == null) {
                return null;
            }
            troubles.add(trouble);
        }
        return troubles.isEmpty() ? "origin: nowhere" : String.join("; ", troubles);
    }

    /** Stops probing. */
    @Override
    public void close() {
        probes.forEach(EndpointProbe::close);
    }
}
