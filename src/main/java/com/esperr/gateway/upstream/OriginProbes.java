package com.esperr.gateway.upstream;

import com.esperr.gateway.transport.EventLoops;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether any origin can be reached, for readiness: where several sites share a gateway, one whose application is gone
 * must not take the others' visitors away. Thread-safe.
 */
public final class OriginProbes implements AutoCloseable {
    private final List<OriginProbe> probes;

    /** Starts probing all of {@code upstreams}. */
    public OriginProbes(Upstreams upstreams, EventLoops loops) {
        this.probes = upstreams.all().stream()
                .map(upstream -> new OriginProbe(upstream, loops))
                .toList();
    }

    /** Null if an origin takes requests, else why none does. */
    public @Nullable String trouble() {
        List<String> troubles = new ArrayList<>();
        for (OriginProbe probe : probes) {
            String trouble = probe.trouble();
            if (trouble == null) {
                return null;
            }
            troubles.add(trouble);
        }
        return String.join("; ", troubles);
    }

    /** Stops probing. */
    @Override
    public void close() {
        probes.forEach(OriginProbe::close);
    }
}
