package com.esperr.gateway.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.proxy.ProxyServer;
import com.esperr.gateway.telemetry.AccessLog;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.transport.EventLoops;
import java.io.IOException;
import java.nio.file.Path;
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

    private GatewayConfig config(String log) {
        return GatewayConfig.load(
                        null,
                        Map.of(),
                        Map.of(
                                "origin.url", "http://127.0.0.1:3000",
                                "listen.address", "127.0.0.1:0",
                                "log.access", directory.resolve(log).toString()))
                .value();
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
    void aDefectInTheMidstOfAnExchangeClosesNothingThatIsInForce() throws IOException {
        Serving serving = start(config("first.log"));
        GatewayConfig next = config("second.log");
        defect.set(true);
        assertThatThrownBy(() -> serving.replace(next, Policies.load(next), proxy))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("hush");
        AccessLog inForce = Objects.requireNonNull(serving.lineup().log());
        inForce.line("{}\n".getBytes(UTF_8));
        parts.close();
        assertThat(directory.resolve("second.log")).hasContent("{}");
        assertThat(inForce.dropped()).isZero();
    }
}
