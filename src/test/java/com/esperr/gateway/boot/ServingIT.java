package com.esperr.gateway.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.proxy.ProxyServer;
import com.esperr.gateway.telemetry.AccessLog;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.testkit.Logged;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.transport.EventLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingIT {
    @TempDir
    private Path directory;

    private final Parts parts = new Parts();
    private final AtomicBoolean defect = new AtomicBoolean();
    private ProxyServer proxy;

    @AfterEach
    void close() {
        parts.close();
    }

    private Map<String, String> keys(String log) {
        return Map.of(
                "origin.url", "http://127.0.0.1:3000",
                "listen.address", "127.0.0.1:0",
                "log.access", directory.resolve(log).toString());
    }

    private GatewayConfig config(String log) {
        return GatewayConfig.load(null, Map.of(), keys(log)).value();
    }

    private Serving start(GatewayConfig config) throws IOException {
        Metrics metrics = parts.add(new Metrics());
        LiveGeneration generation = new LiveGeneration();
        parts.add(generation::closeJournals);
        EventLoops loops = parts.add(EventLoops.start(config.runtime()));
        Stores stores = parts.add(Stores.open(config.state(), config.policies(), null, Clock.SYSTEM));
        Serving serving = new Serving(
                config,
                Policies.load(config),
                new Foundation(stores, loops, metrics, Clock.SYSTEM, parts, generation, null));
        proxy = serving.start(config, lineup -> {
            if (defect.get()) {
                throw new IllegalStateException("hush");
            }
            return List.of();
        });
        return serving;
    }

    /** Who would be told about requests is asked for in the midst of it, when others have their new parts already. */
    @Test
    void aDefectInTheMidstOfAnExchangeClosesNothingThatIsInForceAndAllThatWasBefore() throws IOException {
        Serving serving = start(config("first.log"));
        AccessLog before = Objects.requireNonNull(serving.lineup().log());
        GatewayConfig next = config("second.log");
        defect.set(true);
        try (Logged logged = Logged.below("com.esperr.gateway.boot")) {
            serving.replace(next, Policies.load(next), proxy).run();
            assertThat(logged.lines())
                    .contains("ERROR configuration: in force, but others are told about requests than should be");
        }
        before.line("{}\n".getBytes(UTF_8));
        assertThat(before.dropped()).isEqualTo(1);
        AccessLog inForce = Objects.requireNonNull(serving.lineup().log());
        assertThat(inForce).isNotSameAs(before);
        inForce.line("{}\n".getBytes(UTF_8));
        parts.close();
        assertThat(directory.resolve("second.log")).hasContent("{}");
        assertThat(inForce.dropped()).isZero();
    }

    /** Requests are received by what is taken up after who is told about them. */
    @Test
    void requestsAreServedAsTheNextWantsThoughSomethingBeforeHadADefect() throws IOException {
        Serving serving = start(config("first.log"));
        Map<String, String> keys = new HashMap<>(keys("first.log"));
        keys.put("limits.request-line", "1 KiB");
        GatewayConfig next =
                GatewayConfig.load(null, Map.of(), Map.copyOf(keys)).value();
        defect.set(true);
        serving.replace(next, Policies.load(next), proxy).run();
        RawResponse answer =
                RawClient.exchange(proxy.port(), "GET /" + "a".repeat(2000) + " HTTP/1.1\r\nHost: shop.test\r\n\r\n");
        assertThat(answer.status()).isEqualTo(414);
    }
}
