package com.esperr.gateway.boot;

import com.esperr.gateway.beacon.Beacon;
import com.esperr.gateway.beacon.BeaconCounts;
import com.esperr.gateway.beacon.DropReason;
import com.esperr.gateway.bots.BotCounts;
import com.esperr.gateway.bots.Bots;
import com.esperr.gateway.challenge.KeptCounts;
import com.esperr.gateway.challenge.KeptRequests;
import com.esperr.gateway.challenge.PassCounts;
import com.esperr.gateway.challenge.PassResult;
import com.esperr.gateway.challenge.Passes;
import com.esperr.gateway.challenge.ProofResult;
import com.esperr.gateway.cloud.BreakerState;
import com.esperr.gateway.cloud.CloudSource;
import com.esperr.gateway.compression.Compression;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.esper.MitigationAction;
import com.esperr.gateway.explain.SharedExplanations;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.failure.Side;
import com.esperr.gateway.hosting.Funnel;
import com.esperr.gateway.hosting.Method;
import com.esperr.gateway.hosting.RejectReason;
import com.esperr.gateway.http2.Flood;
import com.esperr.gateway.hybrid.FeedState;
import com.esperr.gateway.hybrid.HybridSource;
import com.esperr.gateway.policy.PolicyCounts;
import com.esperr.gateway.proxy.Connections;
import com.esperr.gateway.proxy.MultiplexedCounts;
import com.esperr.gateway.proxy.ProxyServer;
import com.esperr.gateway.replay.Recorder;
import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.state.Claims;
import com.esperr.gateway.state.MemoryClaims;
import com.esperr.gateway.state.MemoryWindows;
import com.esperr.gateway.state.RedisCounts;
import com.esperr.gateway.state.RedisStore;
import com.esperr.gateway.telemetry.Listeners;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.tracing.Spans;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.upstream.Upstreams;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Connects the numbers that parts keep about themselves with the metrics that show them. Stateless. */
final class Gauges {
    private Gauges() {}

    static void connect(
            Metrics metrics,
            EventLoops loops,
            ProxyServer proxy,
            Supplier<Upstreams> upstreams,
            Listeners listeners,
            LongSupplier nanos) {
        FillGauges.connect(metrics, proxy, upstreams);
        upstreams.get().all().forEach(upstream -> OriginGauges.connect(metrics, upstream, nanos));
        Connections connections = proxy.connections();
        metrics.gauge(MeterName.BODY_HELD, proxy.bodies()::used);
        metrics.counter(MeterName.BODY_UNREAD, proxy.bodies()::unread);
        metrics.gauge(MeterName.CLIENT_CONNECTIONS, connections::open);
        metrics.counter(MeterName.CLIENT_CONNECTIONS_ACCEPTED, connections::accepted);
        metrics.counter(MeterName.CLIENT_CONNECTIONS_DROPPED, connections::dropped);
        metrics.gauge(MeterName.TUNNELS, proxy.upgrades()::open);
        metrics.counter(MeterName.TUNNELS_OPENED, proxy.upgrades()::opened);
        metrics.counter(MeterName.TUNNELS_IDLE, proxy.upgrades()::idle);
        connect(metrics, proxy.http2(), MeterName.HTTP2_CONNECTIONS, MeterName.HTTP2_REQUESTS, MeterName.HTTP2_FLOODS);
        connect(metrics, proxy.http3(), MeterName.HTTP3_CONNECTIONS, MeterName.HTTP3_REQUESTS, MeterName.HTTP3_FLOODS);
        connect(metrics, proxy.compression());
        metrics.gauge(MeterName.REQUESTS_OPEN, connections::requestsOpen);
        metrics.gauge(
                MeterName.UPSTREAM_CONNECTIONS, () -> upstreams.get().gauges().idle(), "idle");
        metrics.gauge(
                MeterName.UPSTREAM_CONNECTIONS, () -> upstreams.get().gauges().leased(), "leased");
        metrics.gauge(
                MeterName.UPSTREAM_CONNECTIONS, () -> upstreams.get().gauges().connecting(), "connecting");
        metrics.gauge(MeterName.UPSTREAM_WAITING, () -> upstreams.get().gauges().waiting());
        metrics.counter(MeterName.UPSTREAM_RETRIES, connections::upstreamRetries);
        metrics.gauge(MeterName.DIRECT_MEMORY, loops::directMemoryUsed);
        metrics.gauge(MeterName.PENDING_TASKS, loops::pendingTasks);
        metrics.counter(MeterName.LISTENER_FAILURES, listeners::failures);
    }

    private static void connect(Metrics metrics, Compression compression) {
        metrics.counter(MeterName.COMPRESSED, compression::responses);
        metrics.gauge(MeterName.COMPRESSION_OPEN, compression::open);
        metrics.counter(MeterName.COMPRESSION_CROWDED, compression::crowded);
        metrics.counter(MeterName.COMPRESSION_BYTES, compression::read, "in");
        metrics.counter(MeterName.COMPRESSION_BYTES, compression::written, "out");
    }

    private static void connect(
            Metrics metrics, MultiplexedCounts counts, MeterName connections, MeterName requests, MeterName floods) {
        metrics.gauge(connections, counts::open);
        metrics.counter(requests, counts::requests);
        for (Flood kind : Flood.values()) {
            metrics.counter(floods, () -> counts.floods(kind), kind.label());
        }
    }

    /** Shows the numbers of what {@code next} has and {@code before} has not. */
    static void connect(Metrics metrics, Lineup next, @Nullable Lineup before, LongSupplier millis) {
        metrics.showInstead(next.fills());
        fresh(next, before, now -> now.sources().cloud(), cloud -> connect(metrics, cloud));
        if (before != null) {
            Departed.forget(metrics, before, next);
        }
        fresh(next, before, now -> now.sources().hybrid(), hybrid -> connect(metrics, hybrid));
        Passes passes = next.passes();
        if (passes != null) {
            fresh(next, before, Lineup::keptCounts, counts -> connect(metrics, passes.kept()));
        }
        fresh(next, before, Lineup::counts, counts -> connect(metrics, counts));
        fresh(next, before, Lineup::bots, bots -> connect(metrics, bots));
        fresh(next, before, Lineup::botCounts, counts -> connect(metrics, counts));
        fresh(next, before, Lineup::log, log -> metrics.counter(MeterName.ACCESS_LOG_DROPPED, log::dropped));
        fresh(next, before, Lineup::recorder, recorder -> connect(metrics, recorder));
        fresh(next, before, Lineup::traces, traces -> connect(metrics, traces));
        fresh(next, before, Lineup::explained, shared -> connect(metrics, shared));
        fresh(next, before, Lineup::beacon, beacon -> connect(metrics, beacon, millis));
    }

    private static <T> void fresh(
            Lineup next, @Nullable Lineup before, Function<Lineup, @Nullable T> part, Consumer<T> connection) {
        T now = part.apply(next);
        if (now != null && (before == null || part.apply(before) != now)) {
            connection.accept(now);
        }
    }

    /** Shows the numbers of {@code stores}. */
    static void connect(Metrics metrics, Stores stores) {
        FillGauges.connect(metrics, stores);
        connect(metrics, Stream.ofNullable(stores.memory()).toList(), stores.redis());
        connect(metrics, stores.claims());
    }

    static void connect(Metrics metrics, Claims claims) {
        if (claims instanceof MemoryClaims memory) {
            metrics.gauge(MeterName.CLAIMS, memory::size);
            metrics.counter(MeterName.CLAIMS_DROPPED, memory::evictions);
        }
    }

    /**
     * What is known of where state is kept.
     *
     * @param windows those that are kept here
     * @param redis what is shared, or null
     */
    static void connect(Metrics metrics, List<MemoryWindows> windows, @Nullable RedisStore redis) {
        if (redis == null) {
            metrics.gauge(MeterName.WINDOWS, () -> sum(windows, MemoryWindows::size));
            metrics.counter(MeterName.WINDOWS_DROPPED, () -> sum(windows, MemoryWindows::evictions));
            return;
        }
        RedisCounts counts = redis.counts();
        metrics.gauge(MeterName.STATE_CONNECTED, () -> redis.isUp() ? 1 : 0);
        metrics.counter(MeterName.STATE_CONNECTIONS, counts::connections);
        metrics.counter(MeterName.STATE_FAILURES, counts::errors, "error");
        metrics.counter(MeterName.STATE_FAILURES, counts::timeouts, "timeout");
        metrics.counter(MeterName.STATE_FAILURES, counts::refusals, "disconnected");
        metrics.gauge(MeterName.STATE_LAG, () -> redis.lagMillis() / 1000.0);
        metrics.gauge(MeterName.STATE_PENDING, redis::pendingWrites);
        metrics.counter(MeterName.STATE_DROPPED, counts::dropped);
        metrics.counter(MeterName.STATE_RESYNCS, counts::resyncs);
        metrics.gauge(MeterName.STATE_CLOCK_AHEAD, () -> redis.clockAhead() / 1000.0);
    }

    static void connect(Metrics metrics, KeptRequests kept) {
        KeptCounts counts = kept.counts();
        metrics.counter(MeterName.KEPT_REQUESTS, counts::keptCount, "kept");
        metrics.counter(MeterName.KEPT_REQUESTS, counts::resumedCount, "resumed");
        metrics.counter(MeterName.KEPT_REQUESTS, counts::unknownCount, "unknown");
        metrics.counter(MeterName.KEPT_REQUESTS, counts::tooLargeCount, "too_large");
        metrics.counter(MeterName.KEPT_REQUESTS, counts::lostCount, "lost");
        metrics.gauge(MeterName.KEPT_REQUESTS_BYTES, kept::bytes);
        metrics.counter(MeterName.KEPT_REQUESTS_DROPPED, kept::dropped);
    }

    static void connect(Metrics metrics, PassCounts counts) {
        for (PassResult result : PassResult.values()) {
            metrics.counter(MeterName.PASSES, () -> counts.passes(result), result.label());
        }
        for (ProofResult result : ProofResult.values()) {
            metrics.counter(MeterName.PROOFS, () -> counts.proofs(result), result.label());
        }
        metrics.counter(MeterName.CHALLENGE_LOOPS, counts::loops);
    }

    static void connect(Metrics metrics, Recorder recorder) {
        metrics.counter(MeterName.RECORDED, recorder::recorded);
        metrics.counter(MeterName.RECORD_DROPPED, recorder::dropped);
        metrics.gauge(MeterName.RECORD_WAITING, recorder::waiting);
    }

    private static void connect(Metrics metrics, Spans traces) {
        metrics.counter(MeterName.TRACES_SENT, traces::sent);
        metrics.counter(MeterName.TRACES_DROPPED, traces::overflowed, "full");
        metrics.counter(MeterName.TRACES_DROPPED, traces::failed, "failed");
        metrics.gauge(MeterName.TRACES_WAITING, traces::waiting);
    }

    private static void connect(Metrics metrics, SharedExplanations shared) {
        metrics.gauge(MeterName.EXPLAIN_SHARED, shared::entries);
        metrics.counter(MeterName.EXPLAIN_DROPPED, shared::crowded, "not_shared");
    }

    private static void connect(Metrics metrics, Bots bots) {
        metrics.gauge(MeterName.BOT_ADDRESSES, bots::addresses);
        metrics.gauge(MeterName.BOT_NETWORKS, bots::networks);
        metrics.counter(MeterName.BOT_RELOADS, bots::reloads);
        metrics.counter(MeterName.BOT_FAILURES, bots::failures);
    }

    private static void connect(Metrics metrics, BotCounts counts) {
        for (BotFacts.Method method : BotFacts.Method.values()) {
            metrics.counter(MeterName.BOTS, () -> counts.verified(method), "verified", method.label());
        }
        for (BotFacts.Status status : BotFacts.Status.values()) {
            if (status != BotFacts.Status.VERIFIED) {
                metrics.counter(MeterName.BOTS, () -> counts.others(status), status.label(), "none");
            }
        }
        for (BotCounts.Lookup result : BotCounts.Lookup.values()) {
            metrics.counter(MeterName.BOT_LOOKUPS, () -> counts.lookups(result), result.label());
        }
        for (BotCounts.Signed result : BotCounts.Signed.values()) {
            metrics.counter(MeterName.BOT_SIGNATURES, () -> counts.signatures(result), result.label());
        }
    }

    static void connect(Metrics metrics, Funnel funnel) {
        for (Method method : Method.values()) {
            String label = method.label();
            metrics.counter(MeterName.CHALLENGES_ISSUED, () -> funnel.issuedCount(method), label);
            metrics.counter(MeterName.CHALLENGES_LOADED, () -> funnel.loadedCount(method), label);
            metrics.counter(MeterName.CHALLENGES_SUBMITTED, () -> funnel.submittedCount(method), label);
            metrics.counter(MeterName.CHALLENGES_SOLVED, () -> funnel.solvedCount(method), label);
            metrics.counter(MeterName.CHALLENGES_SKIPPED, () -> funnel.skippedCount(method), label);
            for (RejectReason reason : RejectReason.values()) {
                metrics.counter(
                        MeterName.CHALLENGES_REJECTED,
                        () -> funnel.rejectedCount(method, reason),
                        label,
                        reason.label());
            }
        }
    }

    private static void connect(Metrics metrics, HybridSource hybrid) {
        metrics.counter(MeterName.HYBRID_LOOKUPS, hybrid::hits, "hit");
        metrics.counter(MeterName.HYBRID_LOOKUPS, hybrid::misses, "miss");
        metrics.gauge(MeterName.HYBRID_ENTRIES, hybrid::size);
        metrics.counter(MeterName.HYBRID_DROPPED, hybrid::evictions);
        metrics.counter(MeterName.HYBRID_SNAPSHOT_FAILURES, hybrid::snapshotFailures);
        for (FeedState feed : hybrid.feeds()) {
            metrics.gauge(MeterName.HYBRID_FEED_AGE, feed::ageSeconds, feed.name());
            metrics.gauge(MeterName.HYBRID_FEED_CONNECTED, () -> feed.connected() ? 1 : 0, feed.name());
            metrics.gauge(MeterName.HYBRID_FEED_ENTRIES, feed::entries, feed.name());
            metrics.counter(MeterName.HYBRID_FEED_RESYNCS, feed::resyncs, feed.name());
        }
    }

    private static void connect(Metrics metrics, CloudSource cloud) {
        metrics.gauge(MeterName.DECISION_CONNECTIONS, cloud::connectionsIdle, "idle");
        metrics.gauge(
                MeterName.DECISION_CONNECTIONS, () -> cloud.connectionsOpen() - cloud.connectionsIdle(), "leased");
        for (MitigationAction action : MitigationAction.values()) {
            metrics.counter(
                    MeterName.DECISION_ANSWERS,
                    () -> cloud.answers(action),
                    action.name().toLowerCase(Locale.ROOT));
        }
        for (FailureReason reason : FailureReason.values()) {
            if (reason.side() == Side.DECISION) {
                metrics.counter(MeterName.DECISION_QUESTION_FAILURES, () -> cloud.failures(reason), reason.label());
            }
        }
        metrics.counter(MeterName.DECISION_RETRIES, cloud::retries);
        metrics.gauge(MeterName.DECISION_WAITING, cloud::callsInFlight);
        metrics.counter(MeterName.DECISION_SHARED, cloud::shared);
        metrics.counter(MeterName.DECISION_CACHE_HITS, () -> cloud.cacheHits(false), "fresh");
        metrics.counter(MeterName.DECISION_CACHE_HITS, () -> cloud.cacheHits(true), "stale");
        metrics.gauge(MeterName.DECISION_CACHE_ENTRIES, cloud::cacheSize);
        metrics.gauge(MeterName.DECISION_LIMIT, cloud::concurrencyLimit);
        metrics.gauge(MeterName.BREAKER_OPEN, () -> breaker(cloud.breakerState()));
    }

    static void connect(Metrics metrics, Beacon beacon, LongSupplier millis) {
        BeaconCounts counts = beacon.counts();
        metrics.counter(MeterName.BEACON_QUEUED, counts::queued);
        metrics.counter(MeterName.BEACON_SPOOLED, counts::spooled);
        metrics.counter(MeterName.BEACON_SENT, counts::sent);
        metrics.counter(MeterName.BEACON_FAILURES, counts::failures);
        metrics.counter(MeterName.BEACON_DEAD_LETTERS, counts::deadLetters);
        metrics.counter(MeterName.BEACON_ANSWERS, () -> counts.answers(null), "unknown");
        for (Action action : Action.values()) {
            metrics.counter(MeterName.BEACON_ANSWERS, () -> counts.answers(action), action.label());
        }
        for (DropReason reason : DropReason.values()) {
            metrics.counter(MeterName.BEACON_DROPPED, () -> counts.dropped(reason), reason.label());
        }
        metrics.gauge(MeterName.BEACON_WAITING, beacon::waiting);
        metrics.gauge(MeterName.BEACON_SPOOL_EVENTS, () -> counts.spool().events());
        metrics.gauge(MeterName.BEACON_SPOOL_BYTES, () -> counts.spool().bytes());
        metrics.gauge(MeterName.BEACON_SPOOL_FILE_BYTES, () -> counts.spool().fileBytes());
        metrics.gauge(
                MeterName.BEACON_OLDEST_SECONDS, () -> seconds(counts.spool().oldestMillis(), millis));
    }

    static void connect(Metrics metrics, String policy, PolicyCounts counts) {
        metrics.counter(MeterName.POLICY_MATCHES, counts::matched, policy);
        metrics.counter(MeterName.POLICY_RESULTS, counts::observed, policy, "observed");
        metrics.counter(MeterName.POLICY_RESULTS, counts::challenged, policy, "challenged");
        metrics.counter(MeterName.POLICY_RESULTS, counts::challengesSolved, policy, "challenge_solved");
        metrics.counter(MeterName.POLICY_RESULTS, counts::blocked, policy, "blocked");
        metrics.gauge(MeterName.POLICY_LAST_MATCH, () -> counts.lastMatchMillis() / 1000.0, policy);
    }

    private static <T> long sum(Collection<T> parts, ToLongFunction<T> number) {
        return parts.stream().mapToLong(number).sum();
    }

    private static double seconds(long sinceMillis, LongSupplier millis) {
        return sinceMillis < 0 ? 0 : Math.max(0, millis.getAsLong() - sinceMillis) / 1000.0;
    }

    private static double breaker(BreakerState state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 0.5;
            case OPEN -> 1;
        };
    }
}
