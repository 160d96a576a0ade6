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
            EventLoops loops,
            Metrics metrics,
            Clock clock,
            Parts parts) {
        HostingConfig hosting = config.hosting();
        if (passes == null || !hosting.enabled()) {
            return null;
        }
        Grants grants = new Grants(passes, Extensions.solved(sources));
        ChallengeDesk desk = desk(config, grants.seals(TICKET), pages, loops, metrics, clock, parts);
        return new GatewayReception(hosting, desk, grants, pages, clock::millis);
    }

    /** The decision service's, whose tickets only it has to know again. */
    static ChallengeDesk desk(
            GatewayConfig config, Pages pages, EventLoops loops, Metrics metrics, Clock clock, Parts parts) {
        return desk(config, new Seals(KeyRing.random(), TICKET), pages, loops, metrics, clock, parts);
    }

    private static ChallengeDesk desk(
            GatewayConfig config,
            Seals seals,
            Pages pages,
            EventLoops loops,
            Metrics metrics,
            Clock clock,
            Parts parts) {
        ChallengeMetrics times = new ChallengeMetrics(metrics);
        Funnel funnel = new Funnel((method, time) -> times.solved(method.label(), time));
        Gauges.connect(metrics, funnel);
        Ladder ladder = parts.add(Ladder.of(
                config.hosting(),
                config.cloud().caFile(),
                loops,
                funnel,
                method -> config.passes().level(method.label()),
                clock::nanos));
        return new ChallengeDesk(config.hosting(), ladder, seals, pages, funnel, clock::nanos, clock::millis);
    }
}
