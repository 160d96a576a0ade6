package com.esperr.gateway.upstream;

import com.esperr.gateway.transport.EventLoops;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether any origin can be reached, for readiness: where several sites share a gateway, one whose application is gone
 * must not take the others' visitors away. Thread-safe.
 */
public final class OriginProbes implements AutoCloseable {
    private final EventLoops loops;
    private volatile Map<Upstream, OriginProbe> probes = Map.of();

    /** Starts probing all of {@code upstreams}. */
    public OriginProbes(Upstreams upstreams, EventLoops loops) {
        this.loops = loops;
        follow(upstreams);
    }

    /** From now on {@code upstreams} are probed, and the others no more; for one thread at a time. */
    public void follow(Upstreams upstreams) {
        Map<Upstream, OriginProbe> before = probes;
        Map<Upstream, OriginProbe> next = new LinkedHashMap<>();
        for (Upstream upstream : upstreams.all()) {
            OriginProbe known = before.get(upstream);
            next.put(upstream, known == null ? new OriginProbe(upstream, loops) : known);
        }
        probes = Collections.unmodifiableMap(next);
        before.forEach((upstream, probe) -> {
            if (!next.containsKey(upstream)) {
                probe.close();
            }
        });
    }

    /** Null if an origin takes requests, else why none does. */
    public @Nullable String trouble() {
        List<String> troubles = new ArrayList<>();
        for (OriginProbe probe : probes.values()) {
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
        probes.values().forEach(OriginProbe::close);
    }
}
