package com.esperr.gateway.boot;

import com.esperr.gateway.beacon.Beacon;
import com.esperr.gateway.bots.BotCounts;
import com.esperr.gateway.bots.Bots;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.challenge.KeptCounts;
import com.esperr.gateway.challenge.PassCounts;
import com.esperr.gateway.challenge.Passes;
import com.esperr.gateway.cloud.CloudSource;
import com.esperr.gateway.explain.SharedExplanations;
import com.esperr.gateway.hosting.GatewayReception;
import com.esperr.gateway.hybrid.FeedKind;
import com.esperr.gateway.hybrid.HybridSource;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.replay.Recorder;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.telemetry.AccessLog;
import com.esperr.gateway.telemetry.AuditLog;
import com.esperr.gateway.tracing.Spans;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What requests are served with that keeps connections, files or memories of its own: composed the same way at the start and at each
 * reload. Immutable.
 *
 * @param sources who decides
 * @param bots who knows good bots
 * @param passes of those who have passed a challenge, or null
 * @param reception challenges that are held here, or null
 * @param beacon what tells Esper, or null
 * @param shared whether what is remembered is shared by gateways, under a secret that they agree on
 * @param log of requests, or null
 * @param recorder of requests for other policies, or null
 * @param traces what sends spans, or null
 * @param explained what gateways explain to each other, or null
 * @param audit of what people change
 */
record Lineup(
        Sources sources,
        Bots bots,
        @Nullable Passes passes,
        @Nullable GatewayReception reception,
        @Nullable Beacon beacon,
        boolean shared,
        @Nullable AccessLog log,
        @Nullable Recorder recorder,
        @Nullable Spans traces,
        @Nullable SharedExplanations explained,
        AuditLog audit) {
    /** What has become of passes, or null. */
    @Nullable
    PassCounts counts() {
        return passes == null ? null : passes.counts();
    }

    /** What has become of requests that were kept, or null. */
    @Nullable
    KeptCounts keptCounts() {
        return passes == null ? null : passes.kept().counts();
    }

    /** This is in force from now on, under the secret that gateways have agreed on. */
    void begin(HashSeed seed) {
        reseed(seed);
        if (passes != null) {
            passes.begin();
        }
    }

    /** What came of looking for bots. */
    BotCounts botCounts() {
        return bots.counts();
    }

    /** How full is what all of it keeps and has waiting. */
    List<Fill> fills() {
        List<Fill> all = new ArrayList<>(bots.fills());
        SitePolicies local = sources.local();
        if (local != null) {
            for (PolicyEngine engine : local.all()) {
                all.add(engine.results().fill());
            }
        }
        CloudSource cloud = sources.cloud();
        if (cloud != null) {
            all.addAll(cloud.fills());
        }
        HybridSource hybrid = sources.hybrid();
        if (hybrid != null) {
            all.add(hybrid.fill());
        }
        if (passes != null) {
            all.addAll(passes.fills());
        }
        if (reception != null) {
            all.addAll(reception.fills());
        }
        if (beacon != null) {
            all.addAll(beacon.fills());
        }
        if (log != null) {
            all.add(log.fill());
        }
        if (recorder != null) {
            all.add(recorder.fill());
        }
        if (traces != null) {
            all.add(traces.fill());
        }
        if (explained != null) {
            all.add(explained.fill());
        }
        return List.copyOf(all);
    }

    /** Gateways have agreed on this secret of what they share. */
    void reseed(HashSeed seed) {
        SitePolicies local = sources.local();
        if (local != null) {
            local.reseed(seed);
        }
        HybridSource hybrid = sources.hybrid();
        if (hybrid != null && shared) {
            hybrid.reseed(seed);
        }
    }

    /**
     * As {@code config} wants it, with the {@code policies} that it names; what {@code parts} knows from before is not made again.
     *
     * @throws IOException if a part cannot be made; the message names the key
     */
    static Lineup of(GatewayConfig config, Policies policies, Generation parts, Foundation base, Pages pages)
            throws IOException {
        Sources sources = Extensions.sources(config, policies, parts, base);
        Bots bots = Extensions.bots(config, parts, base);
        Passes passes = Passage.passes(config, parts, base);
        return new Lineup(
                sources,
                bots,
                passes,
                Hosting.reception(config, sources, passes, pages, parts, base),
                Extensions.beacon(config, sources, parts, base),
                config.hybrid().feeds(FeedKind.SHARED) && base.stores().redis() != null,
                Extensions.log(config, parts),
                Extensions.recorder(config, parts),
                Extensions.traces(config, parts),
                Extensions.explained(config, parts, base),
                Extensions.audit(config, parts, base.clock()));
    }
}
