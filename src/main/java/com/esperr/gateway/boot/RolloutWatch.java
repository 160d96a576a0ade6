package com.esperr.gateway.boot;

import com.esperr.gateway.admin.Endpoint;
import com.esperr.gateway.admin.RolloutEndpoint;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.rollout.Progress;
import com.esperr.gateway.rollout.Rollout;
import com.esperr.gateway.rollout.RolloutTerms;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.RedisStore;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks four times a second at how policies fare that are rolled out, on a thread of its own, while policies decide: whether they do may change
 * with the configuration. Thread-safe.
 */
final class RolloutWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutWatch.class);
    private static final long PAUSE_MILLIS = 250;
    private static final int MOST_ROLLOUTS = 1000;
    private static final List<String> STATES = List.of("none", "running", "promoted", "aborted", "rolled-back");

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("rollout", true));
    private final PolicyReload reload;
    private final Base base;
    private volatile @Nullable Rollout rollout;
    private volatile @Nullable SitePolicies engines;
    private @Nullable Kept kept;

    /**
     * What it works with. Immutable.
     *
     * @param sources who decides now
     * @param stores where what is counted is kept
     * @param metrics where numbers are shown
     * @param clock the time
     * @param parts closed with the gateway
     */
    record Base(Supplier<Sources> sources, Stores stores, Metrics metrics, Clock clock, Parts parts) {}

    /** What rollouts of a gateway keep, and share if it shares anything. */
    private record Kept(Replicated<ActiveMitigation> mitigations, Replicated<Progress> progress) {
        void close() {
            mitigations.close();
            progress.close();
        }
    }

    private RolloutWatch(PolicyReload reload, Base base) {
        this.reload = reload;
        this.base = base;
    }

    /** Has {@code reload} put {@code policies} in force, and looks from now on at those that are rolled out. */
    static RolloutWatch begin(Policies policies, PolicyReload reload, Base base) {
        RolloutWatch watch = base.parts().add(new RolloutWatch(reload, base));
        watch.follow(reload.config());
        reload.start(watch.rollout, policies);
        base.stores().onSeed().accept(watch::reseed);
        FillGauges.ofRollouts(base.metrics(), () -> watch.rollout);
        watch.thread.scheduleWithFixedDelay(watch::look, PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        return watch;
    }

    /** Policies decide by {@code config} from now on, or do not any more; for one thread at a time, may block for a moment. */
    void follow(GatewayConfig config) {
        Rollout before = rollout;
        boolean decides = base.sources().get().local() != null;
        if (decides && before == null) {
            Rollout opened = open(config);
            connect(base.metrics(), opened);
            rollout = opened;
        } else if (!decides && before != null) {
            rollout = null;
            before.close();
            forget(base.metrics());
            release();
            engines = null;
        }
        reload.guardedBy(rollout);
    }

    private Rollout open(GatewayConfig config) {
        long most = config.policies().maxMitigations();
        Kept opened = kept == null ? keep(most) : kept;
        kept = opened;
        Rollout made = new Rollout(
                config.operation().rollout(),
                new RolloutTerms(
                        reload,
                        this::engines,
                        set -> Extensions.terms(reload.config(), set, base.stores(), base.clock()),
                        new com.esperr.gateway.rollout.Stores(
                                opened.mitigations,
                                opened.progress,
                                config.policies().maxWindows(),
                                most,
                                base.clock()::nanos),
                        reload,
                        base.clock()::millis));
        boolean known = Gateway.await(
                () -> opened.progress.trouble() == null, config.state().redis().connectTimeout());
        if (!known) {
            LOG.warn(
                    "starting without knowing how far a rollout has come, which is taken over when it is: {}",
                    opened.progress.trouble());
        }
        return made;
    }

    private Kept keep(long most) {
        RedisStore redis = base.stores().redis();
        return redis == null
                ? new Kept(
                        new MemoryReplicated<>(most, base.clock()::millis),
                        new MemoryReplicated<>(MOST_ROLLOUTS, base.clock()::millis))
                : new Kept(
                        redis.replicated("rollout-mitigations", ActiveMitigation.CODEC, most),
                        redis.replicated("rollouts", Progress.CODEC, MOST_ROLLOUTS));
    }

    /** What is only here stays for when policies decide again. */
    private void release() {
        Kept open = kept;
        if (open != null && base.stores().redis() != null) {
            open.close();
            kept = null;
        }
    }

    /** The engines that decide, or, while a rollout is about to end with them, those that did. */
    private SitePolicies engines() {
        SitePolicies now = base.sources().get().local();
        if (now != null) {
            engines = now;
        }
        return Objects.requireNonNull(engines, "mode");
    }

    private void reseed(HashSeed shared) {
        Rollout now = rollout;
        if (now != null) {
            now.reseed(shared);
        }
    }

    private static void connect(Metrics metrics, Rollout rollout) {
        for (String state : STATES) {
            metrics.gauge(
                    MeterName.ROLLOUT_STATE, () -> rollout.standing().state().equals(state) ? 1 : 0, state);
        }
        metrics.gauge(MeterName.ROLLOUT_SHARE, () -> rollout.standing().share());
        metrics.gauge(MeterName.ROLLOUT_REQUESTS, () -> rollout.standing().requests(true), "new");
        metrics.gauge(MeterName.ROLLOUT_REQUESTS, () -> rollout.standing().requests(false), "in-force");
        metrics.gauge(MeterName.ROLLOUT_DIFFERENCES, () -> rollout.standing().differences());
        for (Progress.Phase how : Progress.Phase.values()) {
            if (how != Progress.Phase.RUNNING) {
                metrics.counter(MeterName.ROLLOUT_ENDS, () -> rollout.ended(how), how.label());
            }
        }
    }

    private static void forget(Metrics metrics) {
        STATES.forEach(state -> metrics.forget(MeterName.ROLLOUT_STATE, state));
        metrics.forget(MeterName.ROLLOUT_SHARE);
        metrics.forget(MeterName.ROLLOUT_REQUESTS, "new");
        metrics.forget(MeterName.ROLLOUT_REQUESTS, "in-force");
        metrics.forget(MeterName.ROLLOUT_DIFFERENCES);
    }

    private void look() {
        Rollout now = rollout;
        if (now == null) {
            return;
        }
        try {
            now.look();
        } catch (RuntimeException defect) {
            LOG.error("looking at the rollout failed", defect);
        }
    }

    /** How operators see and change it. */
    List<Endpoint> endpoints() {
        return List.of(new RolloutEndpoint(() -> rollout));
    }

    @Override
    public void close() {
        thread.shutdownNow();
        Rollout now = rollout;
        if (now != null) {
            now.close();
        }
        if (kept != null) {
            kept.close();
        }
    }
}
