package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.proxy.ProxyServer;
import com.esperr.gateway.telemetry.Audit;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.transport.EventLoops;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** What puts another configuration in force in a gateway, without whoever asks for that, and with a defect that can be switched on. */
final class ReplacingScene implements AutoCloseable {
    private final Parts parts = new Parts();
    private final AtomicBoolean defect = new AtomicBoolean();
    private final List<String> recorded = new CopyOnWriteArrayList<>();
    private final Serving serving;
    private final PolicyReload policies;
    private final Replacing replacing;

    /** Begins with {@code keys} of configuration. */
    ReplacingScene(Map<String, String> keys) throws IOException {
        Loaded<GatewayConfig> loaded = loaded(keys);
        GatewayConfig config = loaded.value();
        Policies first = Policies.load(config);
        Metrics metrics = parts.add(new Metrics());
        LiveGeneration generation = new LiveGeneration();
        parts.add(generation::closeJournals);
        EventLoops loops = parts.add(EventLoops.start(config.runtime()));
        Stores stores = parts.add(Stores.open(config.state(), config.policies(), null, Clock.SYSTEM));
        serving = new Serving(
                config, first, new Foundation(stores, loops, metrics, Clock.SYSTEM, parts, generation, null));
        ProxyServer proxy = serving.start(config, lineup -> List.of());
        Audit audit = (event, by, about) -> recorded.add(event + about);
        policies = parts.add(PolicyReload.begin(
                config, first, () -> serving.lineup().sources().local(), audit, metrics, "test"));
        RolloutWatch rollout = RolloutWatch.begin(
                first, policies, new RolloutWatch.Base(this::asked, stores, metrics, Clock.SYSTEM, parts));
        replacing = new Replacing(serving, proxy, rollout, policies, stores);
    }

    private Sources asked() {
        if (defect.get()) {
            throw new IllegalStateException("hush");
        }
        return serving.lineup().sources();
    }

    static Loaded<GatewayConfig> loaded(Map<String, String> keys) {
        Map<String, String> all = new HashMap<>(Map.of(
                "origin.url", "http://127.0.0.1:3000",
                "listen.address", "127.0.0.1:0",
                "log.access", "off",
                "mode", "local"));
        all.putAll(keys);
        return GatewayConfig.load(null, Map.of(), all);
    }

    /** From now on whoever looks after rollouts fails. */
    void breakRollouts() {
        defect.set(true);
    }

    /** Puts {@code keys} in force, and ends what was before. */
    void replace(Map<String, String> keys) {
        Candidate checked = replacing.check(loaded(keys));
        assertThat(checked.problems()).isEmpty();
        Objects.requireNonNull(checked.swap()).put().relief().run();
    }

    Serving serving() {
        return serving;
    }

    PolicyReload policies() {
        return policies;
    }

    /** What was recorded, in its order. */
    List<String> recorded() {
        return recorded;
    }

    @Override
    public void close() {
        parts.close();
    }
}
