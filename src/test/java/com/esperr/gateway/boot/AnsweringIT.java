package com.esperr.gateway.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.keys.KeyFile;
import com.esperr.gateway.keys.LiveKeys;
import com.esperr.gateway.keys.NewKey;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.telemetry.AccessLog;
import com.esperr.gateway.telemetry.AuditLog;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.testkit.Logged;
import com.esperr.gateway.testkit.TestService;
import com.esperr.gateway.transport.EventLoops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another configuration that the decision service answers by already when something behind that has a defect. */
class AnsweringIT {
    @TempDir
    private Path directory;

    private final Parts parts = new Parts();
    private final LiveGeneration generation = new LiveGeneration();
    private final AtomicBoolean defect = new AtomicBoolean();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(directory.resolve("policies.conf"), TestService.POLICIES);
        new KeyFile(directory.resolve("keys.jsonl"))
                .add(NewKey.random("shop", null, "2026-11-21T00:00:00Z").entry());
    }

    @AfterEach
    void close() {
        parts.close();
    }

    private Loaded<GatewayConfig> loaded(String log) throws IOException {
        Path file = Files.writeString(directory.resolve("server.conf"), """
                server { address = "127.0.0.1:0", keys-file = "%1$s/keys.jsonl", keys-interval = 1h
                  tenants = [ { tenant_id = shop, policies = ["%1$s/policies.conf"], return-hosts = [shop.test] } ] }
                """.formatted(directory));
        return GatewayConfig.load(
                file,
                Map.of(),
                Map.of(
                        "origin.url", "http://127.0.0.1:1",
                        "mode", "local",
                        "log.access", directory.resolve(log).toString()));
    }

    private Answering start(GatewayConfig config) throws IOException {
        Clock clock = Clock.SYSTEM;
        Metrics metrics = parts.add(new Metrics());
        AuditLog audit = parts.add(AuditLog.open(config.log().audit(), clock::millis));
        parts.add(generation::closeJournals);
        LiveKeys keys = parts.add(
                LiveKeys.open(new KeyFile(Answering.keysFile(config)), Duration.ofHours(1), (event, key) -> {}));
        EventLoops loops = parts.add(EventLoops.start(config.runtime()));
        TenantStores stores = parts.add(TenantStores.open(config.state(), config.policies(), clock));
        ScheduledExecutorService feeds = Executors.newSingleThreadScheduledExecutor();
        parts.add(feeds::shutdown);
        Answering answering = new Answering(
                config,
                TenantPolicies.load(config).sets(),
                new Answering.Base(loops, stores, keys, feeds, generation, metrics, clock, parts),
                () -> true);
        answering.follow(TenantReload.begin(config, () -> served(answering), audit, metrics, "test", parts));
        return answering;
    }

    private Map<String, Tenancy> served(Answering answering) {
        if (defect.get()) {
            throw new IllegalArgumentException("hush");
        }
        return answering.tenants().now();
    }

    @Test
    void aDefectOfPoliciesLeavesTheNextInForceAndNothingOfTheOneBefore() throws IOException {
        GatewayConfig first = loaded("first.log").value();
        Answering answering = start(first);
        AccessLog before = Objects.requireNonNull(Extensions.log(first, generation.now()));
        Loaded<GatewayConfig> next = loaded("second.log");
        defect.set(true);
        try (Logged logged = Logged.below("com.esperr.gateway.boot")) {
            Objects.requireNonNull(answering.check(next).swap()).put().relief().run();
            assertThat(logged.lines())
                    .contains("ERROR configuration: in force, but policies of tenants are not followed");
        }
        before.line("{}\n".getBytes(UTF_8));
        assertThat(before.dropped()).isEqualTo(1);
        AccessLog inForce = Objects.requireNonNull(Extensions.log(next.value(), generation.now()));
        inForce.line("{}\n".getBytes(UTF_8));
        parts.close();
        assertThat(directory.resolve("second.log")).hasContent("{}");
        assertThat(inForce.dropped()).isZero();
    }
}
