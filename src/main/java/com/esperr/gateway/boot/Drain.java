package com.esperr.gateway.boot;

import com.esperr.gateway.proxy.ProxyServer;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The phases in which a gateway ends, one after the other. Thread-safe; {@link #run} blocks. */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final Duration CUT_TIME = Duration.ofSeconds(1);
    /** What tunnels need behind the last Close frame: its answer, and a look at the time. */
    private static final Duration ANSWERS = Duration.ofSeconds(3);

    /** What is waited for. */
    enum Phase {
        /** Nothing: it serves. */
        SERVING,
        /** Whoever sends visitors here shall notice; they are still accepted, and asked one after the other to go elsewhere. */
        GRACE,
        /** Requests under way; nobody is accepted any more. */
        REQUESTS,
        /** Tunnels, which were told to go. */
        TUNNELS,
        /** Nothing any more: what is left is cut. */
        CUT;

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final AtomicInteger hurries = new AtomicInteger();
    private volatile Phase phase = Phase.SERVING;

    /** Shows which phase it is. */
    void connect(Metrics metrics) {
        for (Phase one : Phase.values()) {
            metrics.gauge(MeterName.DRAIN_PHASE, () -> phase == one ? 1 : 0, one.label());
        }
    }

    /** Goes on with the next phase now. */
    void hurry() {
        hurries.incrementAndGet();
        LOG.info("stopping: told again to, in phase {}", phase.label());
    }

    /**
     * Goes through all of them.
     *
     * @param config how long each lasts at the most
     * @param goodbye over which time tunnels are told
     */
    void run(ProxyServer proxy, ShutdownConfig config, Duration goodbye) {
        phase = Phase.GRACE;
        Duration grace = config.grace();
        LOG.info("stopping: not ready, still accepting for {} ms", grace.toMillis());
        // The other half is for the next requests of those who are asked last.
        proxy.leave(grace.dividedBy(2));
        wait(() -> false, grace);

        long start = System.nanoTime();
        phase = Phase.REQUESTS;
        proxy.drain();
        Duration tunnels = goodbye.plus(ANSWERS);
        Duration requests = config.drain().minus(tunnels);
        int before = hurries.get();
        wait(() -> proxy.connections().requestsOpen() <= proxy.upgrades().open(), requests);
        boolean hurried = hurries.get() != before;

        phase = Phase.TUNNELS;
        proxy.endTunnels();
        Duration left = config.drain().minusNanos(System.nanoTime() - start);
        // What was not waited for before is not now, either.
        wait(() -> (hurried ? proxy.upgrades().open() : proxy.connections().open()) == 0, left);
        if (proxy.connections().open() > 0) {
            phase = Phase.CUT;
            LOG.warn(
                    "stopping: {} connections were still in use after shutdown.drain and are cut",
                    proxy.connections().open());
            proxy.cutOff();
            Gateway.await(() -> proxy.connections().requestsOpen() == 0, CUT_TIME);
        }
    }

    private void wait(BooleanSupplier reached, Duration limit) {
        int before = hurries.get();
        Gateway.await(() -> reached.getAsBoolean() || hurries.get() != before, limit);
    }
}
