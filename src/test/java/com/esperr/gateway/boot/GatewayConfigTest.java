package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Option over environment over file over reference, and the short names of the environment. */
class GatewayConfigTest {
    @TempDir
    private Path directory;

    private static Loaded<GatewayConfig> environment(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>(Map.of("ESPER_ORIGIN", "http://127.0.0.1:3000"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return GatewayConfig.load(null, environment, Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "--origin, http://option:1, http://option:1",
        "--origin, , http://environment:1",
    })
    void anOptionBeatsTheEnvironmentBeatsTheFile(String option, String value, String expected) throws IOException {
        Path file = Files.writeString(
                directory.resolve("gateway.conf"), "origin.url = \"http://file:1\"\nlimits.header-count = 7\n");
        GatewayConfig config = GatewayConfig.load(
                        file,
                        Map.of("ESPER_ORIGIN", "http://environment:1"),
                        value == null ? Map.of() : Map.of(option, value))
                .value();
        assertThat(config.origin().url()).hasToString(expected);
        assertThat(config.limits().decoder().headerCount()).isEqualTo(7);
        assertThat(config.listeners().get(0).address()).hasToString("127.0.0.1:8080");
    }

    @Test
    void theFileBeatsTheReference() throws IOException {
        Path file = Files.writeString(directory.resolve("gateway.conf"), "origin.url = \"http://file:1\"\n");
        assertThat(GatewayConfig.load(file, Map.of(), Map.of()).value().origin().url())
                .hasToString("http://file:1");
    }

    @Test
    void everyShortNameSetsItsKey() {
        GatewayConfig config = environment(
                        "ESPER_LISTEN", "127.0.0.1:1",
                        "ESPER_MODE", "cloud",
                        "ESPER_API_KEY", "k",
                        "ESPER_API_URL", "https://esper.example")
                .value();
        assertThat(config.listeners().get(0).address()).hasToString("127.0.0.1:1");
        assertThat(config.mode()).isEqualTo(Mode.CLOUD);
        assertThat(config.esper().apiUrl()).hasToString("https://esper.example");
        assertThat(config.origin().url()).hasToString("http://127.0.0.1:3000");
    }

    @Test
    void portListensEverywhereUnlessAnAddressIsGiven() {
        assertThat(environment("PORT", "5000").value().listeners().get(0).address())
                .hasToString("0.0.0.0:5000");
        Loaded<GatewayConfig> both = environment("PORT", "5000", "ESPER_LISTEN", "127.0.0.1:1");
        assertThat(both.value().listeners().get(0).address()).hasToString("127.0.0.1:1");
        assertThat(both.warnings()).isEmpty();
        assertThat(environment("PORT", "http").problems().toString())
                .isEqualTo("[environment PORT: listen.address: 0.0.0.0:http (expected: HOST:PORT or unix:/PATH)]");
    }

    @Test
    void everyKeyHasAVariable() {
        GatewayConfig config = environment(
                        "ESPER_LIMITS_HEADER_COUNT", "9",
                        "ESPER_CLIENT_TRUSTED_PROXIES", "10.0.0.0/8, loopback",
                        "ESPER_FAILURE_SENSITIVE_TIMEOUT", "open",
                        "ESPER_SHUTDOWN_DRAIN", "3s")
                .value();
        assertThat(config.limits().decoder().headerCount()).isEqualTo(9);
        assertThat(config.client().rules().trustsNobody()).isFalse();
        assertThat(config.failures().opensSensitive()).isTrue();
        assertThat(config.shutdown().drain()).hasSeconds(3);
    }

    @Test
    void anUnknownVariableIsAWarningThatNamesTheOneMeant() {
        Loaded<GatewayConfig> loaded =
                environment("ESPER_LIMITS_HEADERCOUNT", "9", "ESPER_CONFIG", "x", "ESPERANTO", "1");
        assertThat(loaded.isValid()).isTrue();
        assertThat(loaded.warnings())
                .isEqualTo(List.of("environment ESPER_LIMITS_HEADERCOUNT: unknown variable, ignored (did you mean"
                        + " ESPER_LIMITS_HEADER_COUNT?)"));
    }

    @Test
    void aWrongValueNamesItsVariable() {
        assertThat(environment("ESPER_MODE", "clowd").problems().toString())
                .isEqualTo("[environment ESPER_MODE: mode: clowd (expected: one of local, cloud, hybrid, monitor)]");
    }
}
