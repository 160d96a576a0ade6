package com.esperr.gateway.boot;

import com.esperr.gateway.admin.Endpoint;
import com.esperr.gateway.admin.RolloutEndpoint;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.rollout.Progress;
import com.esperr.gateway.rollout.Rollout;
import com.esperr.gateway.rollout.RolloutTerms;
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

/** Looks four times a second at how policies fare that are rolled out, on a thread of its own. Thread-safe. */
final class RolloutWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutWatch.class);
    private static final long PAUSE_MILLIS = 250;
    private static final int MOST_ROLLOUTS = 1000;
    private static final List<String> STATES = List.of("none", "running", "promoted", "aborted", "rolled-back");

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("rollout", true));
    private final @Nullable Rollout rollout;

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

    private RolloutWatch(@Nullable Rollout rollout) {
        this.rollout = rollout;
    }

    /** Has {@code reload} put {@code policies} in force, and looks from now on at those that are rolled out. */
    static RolloutWatch begin(Policies policies, PolicyReload reload, Base base) {
        boolean decides = base.sources().get().local() != null;
        Rollout rollout = decides ? open(reload, base) : null;
        reload.start(rollout, policies);
        RolloutWatch watch = base.parts().add(new RolloutWatch(rollout));
        if (rollout != null) {
            connect(base.metrics(), rollout);
            FillGauges.connect(base.metrics(), rollout);
            watch.thread.scheduleWithFixedDelay(() -> look(rollout), PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
        return watch;
    }

    private static Rollout open(PolicyReload reload, Base base) {
        long most = reload.config().policies().maxMitigations();
        RedisStore redis = base.stores().redis();
        Replicated<ActiveMitigation> mitigations = redis == null
                ? new MemoryReplicated<>(most, base.clock()::millis)
                : redis.replicated("rollout-mitigations", ActiveMitigation.CODEC, most);
        Replicated<Progress> progress = redis == null
                ? new MemoryReplicated<>(MOST_ROLLOUTS, base.clock()::millis)
                : redis.replicated("rollouts", Progress.CODEC, MOST_ROLLOUTS);
        Rollout rollout = new Rollout(
                reload.config().operation().rollout(),
                new RolloutTerms(
                        reload,
                        () -> Objects.requireNonNull(base.sources().get().local(), "mode"),
                        set -> Extensions.terms(reload.config(), set, base.stores(), base.clock()),
                        new com.esperr.gateway.rollout.Stores(
                                mitigations,
                                progress,
                                reload.config().policies().maxWindows(),
                                most,
                                base.clock()::nanos),
                        reload,
                        base.clock()::millis));
        boolean known = Gateway.await(
                () -> progress.trouble() == null,
                reload.config().state().redis().connectTimeout());
        if (!known) {
            LOG.warn(
                    "starting without knowing how far a rollout has come, which is taken over when it is: {}",
                    progress.trouble());
        }
        base.stores().onSeed().accept(rollout::reseed);
        base.parts().add(mitigations);
        base.parts().add(progress);
        return rollout;
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

    private static void look(Rollout rollout) {
        try {
            rollout.look();
        } catch (RuntimeException defect) {
            LOG.error("looking at the rollout failed", defect);
        }
    }

    /** How operators see and change it. */
    List<Endpoint> endpoints() {
        return rollout == null ? List.of() : List.of(new RolloutEndpoint(rollout));
    }

    @Override
    public void close() {
        thread.shutdownNow();
        if (rollout != null) {
            rollout.close();
        }
    }
}
