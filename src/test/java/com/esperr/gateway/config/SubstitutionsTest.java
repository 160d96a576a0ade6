package com.esperr.gateway.config;

import static com.esperr.gateway.config.Sample.lines;
import static com.esperr.gateway.config.Sample.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubstitutionsTest {
    private static final String EXPECTED =
            " has no value (expected: a key of the configuration, or a variable named ESPER_… or PORT)";

    @TempDir
    Path directory;

    private Loaded<String> read(String text, Map<String, String> environment) {
        Path file = write(directory, "g.conf", text);
        ConfigSource source = ConfigSource.load(file, environment, Map.of()).withReference(Sample.reference());
        return Configurations.read(source, root -> {
            root.section("listen").integer("backlog", 1, 128);
            root.section("limits").flag("enabled");
            return root.string("mode");
        });
    }

    @Test
    void ownVariablesAndThePortAreUsed() {
        Map<String, String> environment = Map.of("ESPER_REGION", "eu", "PORT", "81");
        assertThat(read("mode = ${ESPER_REGION}-${PORT}-${?ESPER_NONE}", environment)
                        .value())
                .isEqualTo("eu-81-");
        assertThat(read("mode = ${listen.backlog}", Map.of()).value()).isEqualTo("128");
    }

    @Test
    void otherVariablesOfTheProcessCannotBeRead() {
        Map<String, String> environment = Map.of("AWS_SECRET_ACCESS_KEY", "hunter2hunter2");
        Loaded<String> optional = read("mode = x${?AWS_SECRET_ACCESS_KEY}", environment);
        assertThat(optional.value()).isEqualTo("x");
        assertThat(optional.warnings())
                .containsExactly("environment AWS_SECRET_ACCESS_KEY: not used by ${AWS_SECRET_ACCESS_KEY}"
                        + " (expected: a key of the configuration, or a variable named ESPER_… or PORT)");
        assertThat(lines(read("\nmode = ${AWS_SECRET_ACCESS_KEY}", environment), directory))
                .containsExactly("g.conf:2: ${AWS_SECRET_ACCESS_KEY}" + EXPECTED);
    }

    @Test
    void theRealEnvironmentAndSystemPropertiesAreNotConsulted() {
        String real = System.getenv().keySet().iterator().next();
        assertThat(lines(read("mode = ${" + real + "}\nlisten.backlog = ${user.home}", Map.of()), directory))
                .containsExactly("g.conf:1: ${" + real + "}" + EXPECTED, "g.conf:2: ${user.home}" + EXPECTED);
        assertThat(read("mode = \"x\"${?ESPER_LIST[]}", Map.of()).problems()).isEmpty();
    }

    @Test
    void everySubstitutionWithoutAValueIsReportedOnceAndItsConsequencesAreNot() {
        assertThat(lines(
                        read("mode = ${a}\nlisten.backlog = ${b}\nlimits.enabled = ${b}\nlimits.x = 1", Map.of()),
                        directory))
                .containsExactly(
                        "g.conf:1: ${a}" + EXPECTED,
                        "g.conf:2: ${b}" + EXPECTED,
                        "g.conf:4: limits.x: unknown key (expected: one of the documented keys)");
    }

    @Test
    void aCycleIsAProblemAndTheOtherLayersAreStillRead() {
        assertThat(lines(read("a = ${b}\nb = ${a}", Map.of("ESPER_LIMITS_ENABLED", "x")), directory))
                .hasSize(2)
                .satisfies(lines -> assertThat(lines.get(1))
                        .isEqualTo("environment ESPER_LIMITS_ENABLED: limits.enabled: x (expected: true or false)"))
                .satisfies(lines -> assertThat(lines.get(0)).matches("g\\.conf:[12]: \\$\\{[ab]} refers to itself .*"));
    }

    @Test
    void kindsThatDoNotFitTogetherAreAProblem() {
        assertThat(lines(read("mode = ${limits} 7", Map.of()), directory))
                .hasSize(1)
                .first()
                .asString()
                .contains("substituted where it does not fit (expected: values of one kind)");
    }

    @Test
    void filesReadByThemselvesSeeNoEnvironmentAtAll() {
        Path file = write(directory, "policy.conf", "name = ${PATH}");
        assertThat(lines(Configurations.readFile(file, root -> root.string("name")), directory))
                .containsExactly("policy.conf:1: ${PATH}" + EXPECTED);
    }
}
