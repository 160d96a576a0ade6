package com.esperr.gateway.boot;

import com.esperr.gateway.challenge.Grants;
import com.esperr.gateway.challenge.KeyRing;
import com.esperr.gateway.challenge.Passes;
import com.esperr.gateway.challenge.Seals;
import com.esperr.gateway.hosting.ChallengeDesk;
import com.esperr.gateway.hosting.Funnel;
import com.esperr.gateway.hosting.GatewayReception;
import com.esperr.gateway.hosting.HostingConfig;
import com.esperr.gateway.hosting.Ladder;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.telemetry.ChallengeMetrics;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.transport.EventLoops;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Composes the challenges that are held here, by the gateway or by the decision service. Stateless. */
final class Hosting {
    private static final String TICKET = "ticket";

    private Hosting() {}

    /** The gateway's own, or null if it holds none. */
    static @Nullable GatewayReception reception(
            GatewayConfig config,
            Sources sources,
            @Nullable Passes passes,
            Pages pages,
            Generation parts,
            Foundation base)
            throws IOException {
        HostingConfig hosting = config.hosting();
        if (passes == null || !hosting.enabled()) {
            return null;
        }
        Grants grants = new Grants(passes, Extensions.solved(sources));
        ChallengeDesk desk =
                desk(config, grants.seals(TICKET), pages, parts, base.loops(), base.metrics(), base.clock());
        return parts.part(
                "challenges",
                Arrays.asList(desk, passes, sources.local()),
                before -> new GatewayReception(hosting, desk, grants, pages, base.clock()::millis));
    }

    /** The decision service's, whose tickets only it has to know again. */
    static ChallengeDesk desk(
            GatewayConfig config, Pages pages, Generation parts, EventLoops loops, Metrics metrics, Clock clock)
            throws IOException {
        Seals seals = parts.part("ticket keys", List.of(), before -> new Seals(KeyRing.random(), TICKET));
        return desk(config, seals, pages, parts, loops, metrics, clock);
    }

    private static ChallengeDesk desk(
            GatewayConfig config,
            Seals seals,
            Pages pages,
            Generation parts,
            EventLoops loops,
            Metrics metrics,
            Clock clock)
            throws IOException {
        Funnel funnel = parts.part("funnel", List.of(), before -> funnel(metrics));
        Ladder ladder = parts.part(
                "ladder",
                List.of(
                        config.hosting(),
                        config.passes(),
                        FileStamps.named(config.cloud().caFile())),
                before -> Ladder.of(
                        config.hosting(),
                        config.cloud().caFile(),
                        loops,
                        funnel,
                        method -> config.passes().level(method.label()),
                        clock::nanos),
                (gone, next) -> gone.retire());
        return parts.part(
                "desk",
                List.of(config.hosting(), config.passes(), ladder, seals),
                before -> new ChallengeDesk(
                        config.hosting(), ladder, seals, pages, funnel, clock::nanos, clock::millis, before));
    }

    private static Funnel funnel(Metrics metrics) {
        ChallengeMetrics times = new ChallengeMetrics(metrics);
        Funnel funnel = new Funnel((method, time) -> times.solved(method.label(), time));
        Gauges.connect(metrics, funnel);
        return funnel;
    }
}
