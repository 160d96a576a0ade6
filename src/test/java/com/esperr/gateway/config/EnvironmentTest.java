package com.esperr.gateway.config;

import static com.esperr.gateway.config.Sample.readEnvironment;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    private static List<String> warnings(Map<String, String> environment) {
        return readEnvironment(environment, List.of(Alias.known("ESPER_CONFIG")), root -> "read")
                .warnings();
    }

    @Test
    void everyKeyHasAVariableOfItsName() {
        assertThat(Keys.environmentName("limits.header-bytes")).isEqualTo("ESPER_LIMITS_HEADER_BYTES");
        Loaded<Long> loaded = readEnvironment(
                Map.of("ESPER_LIMITS_HEADER_BYTES", "2 KiB"),
                List.of(),
                root -> root.section("limits").bytes("header-bytes", 1, 1 << 20));
        assertThat(loaded.value()).isEqualTo(2048);
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void listsAreWrittenWithCommas() {
        assertThat(readEnvironment(Map.of("ESPER_TRUSTED", "a, b"), List.of(), root -> root.strings("trusted"))
                        .value())
                .containsExactly("a", "b");
    }

    @Test
    void aBadItemOfAListIsReportedUnderTheNameOfTheVariable() {
        assertThat(readEnvironment(
                                Map.of("ESPER_TRUSTED", "1, x ,2"),
                                List.of(),
                                root -> root.parsedList("trusted", "a number", Integer::valueOf))
                        .problems())
                .extracting(Problem::toString)
                .containsExactly("environment ESPER_TRUSTED: trusted[1]: x (expected: a number)");
    }

    @Test
    void anEmptyVariableIsNotSet() {
        assertThat(readEnvironment(
                                Map.of("ESPER_MODE", " ", "ESPER_LISTEN_ADDRESS", ""),
                                List.of(),
                                root -> root.string("mode")
                                        + root.section("listen").string("address"))
                        .value())
                .isEqualTo("local127.0.0.1:8080");
    }

    @Test
    void unknownVariablesAreWarningsWithTheNearestName() {
        assertThat(warnings(Map.of("ESPER_LIMITS_HEADERBYTES", "1", "HOME", "/", "ESPER_ZZZZZZZZZZ", "s3cret")))
                .containsExactly(
                        "environment ESPER_LIMITS_HEADERBYTES: unknown variable, ignored"
                                + " (did you mean ESPER_LIMITS_HEADER_BYTES?)",
                        "environment ESPER_ZZZZZZZZZZ: unknown variable, ignored");
    }

    @Test
    void variablesReadElsewhereAreKnown() {
        assertThat(warnings(Map.of("ESPER_CONFIG", "g.conf"))).isEmpty();
    }

    @Test
    void whatKubernetesInjectsForAServiceIsNotReported() {
        Map<String, String> injected = new HashMap<>();
        injected.put("ESPER_GATEWAY_SERVICE_HOST", "10.0.0.1");
        injected.put("ESPER_GATEWAY_SERVICE_PORT", "80");
        injected.put("ESPER_GATEWAY_SERVICE_PORT_HTTP", "80");
        injected.put("ESPER_GATEWAY_PORT", "tcp://10.0.0.1:80");
        injected.put("ESPER_GATEWAY_PORT_80_TCP", "tcp://10.0.0.1:80");
        injected.put("ESPER_GATEWAY_PORT_80_TCP_PROTO", "tcp");
        assertThat(warnings(injected)).isEmpty();
        injected.remove("ESPER_GATEWAY_SERVICE_HOST");
        assertThat(warnings(injected)).isNotEmpty();
    }

    @Test
    void aListOfObjectsCannotBeWrittenAsAVariable() {
        assertThat(readEnvironment(Map.of("ESPER_ROUTES", "x"), List.of(), root -> root.sections("routes"))
                        .problems())
                .extracting(Problem::toString)
                .containsExactly("environment ESPER_ROUTES: routes: x (expected: a list of objects [ { … } ])");
    }

    @Test
    void aBadVariableIsReportedUnderItsName() {
        assertThat(readEnvironment(
                                Map.of("ESPER_LIMITS_ENABLED", "perhaps"),
                                List.of(),
                                root -> root.section("limits").flag("enabled"))
                        .problems())
                .extracting(Problem::toString)
                .containsExactly("environment ESPER_LIMITS_ENABLED: limits.enabled: perhaps (expected: true or false)");
    }
}
