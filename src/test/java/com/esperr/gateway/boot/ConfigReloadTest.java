package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.telemetry.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReloadTest {
    @TempDir
    private Path directory;

    private final Metrics metrics = new Metrics();
    private final Parts parts = new Parts();
    private final List<String> events = new ArrayList<>();

    @AfterEach
    void close() {
        parts.close();
        metrics.close();
    }

    private Loaded<GatewayConfig> load(int connections) throws IOException {
        Path file = directory.resolve("gateway.conf");
        Files.writeString(file, "origin.url = \"http://127.0.0.1:3000\"\nlimits.connections = " + connections + "\n");
        return GatewayConfig.load(file, Map.of(), Map.of("reload.interval", "0s"));
    }

    private ConfigReload begin(ConfigReload.Swap swap) throws IOException {
        ConfigReload.Subject subject = new ConfigReload.Subject() {
            @Override
            public Candidate check(Loaded<GatewayConfig> next) {
                return new Candidate(next, List.of(), List.of(), swap);
            }

            @Override
            public List<String> restart(Loaded<GatewayConfig> before, Loaded<GatewayConfig> next) {
                return List.of();
            }
        };
        return ConfigReload.begin(
                load(1000), subject, (event, by, about) -> events.add(event), metrics, () -> 1_000, parts);
    }

    /** The audit is told before, the new configuration is shown, and only then does what was in force before take its time to end. */
    @Test
    void whatWasInForceBeforeEndsWhenEverythingElseIsExchanged() throws IOException {
        List<ConfigReload> self = new ArrayList<>();
        ConfigReload reload = begin(() -> {
            events.add("exchanged while " + connections(self.get(0)));
            return new ConfigReload.Swapped(
                    List.of("Redis: away"),
                    () -> events.add("ended while " + connections(self.get(0)) + ", "
                            + self.get(0).state().last().by()));
        });
        self.add(reload);
        load(2000);
        assertThat(reload.reload("anna").ok()).isTrue();
        assertThat(reload.state().last().warnings()).contains("Redis: away");
        assertThat(events).containsExactly("config-replaced", "exchanged while 1000", "ended while 2000, anna");
    }

    @Test
    void nothingEndsWhenTheConfigurationIsRefusedAfterAll() throws IOException {
        ConfigReload reload = begin(() -> {
            throw new IllegalArgumentException("log.access: /gone (expected: a file that can be written)");
        });
        load(2000);
        assertThat(reload.reload("anna").ok()).isFalse();
        assertThat(connections(reload)).isEqualTo(1000);
        assertThat(events).containsExactly("config-replaced", "config-kept");
    }

    private static int connections(ConfigReload reload) {
        return reload.config().limits().connections();
    }
}
