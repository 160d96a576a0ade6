package com.esperr.gateway.config;

import static com.esperr.gateway.config.Sample.lines;
import static com.esperr.gateway.config.Sample.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecedenceTest {
    private static final List<Alias> ALIASES = List.of(
            Alias.of("ESPER_LISTEN", "listen.address"),
            Alias.of("PORT", "listen.address", port -> "0.0.0.0:" + port),
            Alias.of("--listen", "listen.address"),
            Alias.of("--port", "listen.address", port -> "127.0.0.1:" + port));

    @TempDir
    Path directory;

    private Loaded<String> address(String file, Map<String, String> environment, Map<String, String> options) {
        ConfigSource source = ConfigSource.load(write(directory, "g.conf", file), environment, options)
                .withReference(Sample.reference())
                .withAliases(ALIASES);
        return Configurations.read(source, root -> {
            String address = root.section("listen").string("address");
            root.section("listen").problem("address", address, "nothing");
            root.section("listen").integer("backlog", 1, 128);
            return address;
        });
    }

    @Test
    void optionsBeatEnvironmentBeatsFileBeatsReference() {
        String file = "listen.address = file";
        Map<String, String> port = Map.of("PORT", "81");
        Map<String, String> both = Map.of("PORT", "81", "ESPER_LISTEN", "short");
        Map<String, String> all = Map.of("PORT", "81", "ESPER_LISTEN", "short", "ESPER_LISTEN_ADDRESS", "long");
        assertThat(lines(address("", Map.of(), Map.of()), directory))
                .containsExactly("listen.address: 127.0.0.1:8080 (expected: nothing)");
        assertThat(lines(address(file, Map.of(), Map.of()), directory))
                .containsExactly("g.conf:1: listen.address: file (expected: nothing)");
        assertThat(lines(address(file, port, Map.of()), directory))
                .containsExactly("environment PORT: listen.address: 0.0.0.0:81 (expected: nothing)");
        assertThat(lines(address(file, both, Map.of()), directory))
                .containsExactly("environment ESPER_LISTEN: listen.address: short (expected: nothing)");
        assertThat(lines(address(file, all, Map.of()), directory))
                .containsExactly("environment ESPER_LISTEN_ADDRESS: listen.address: long (expected: nothing)");
        assertThat(lines(address(file, all, Map.of("listen.address", "o")), directory))
                .containsExactly("option --listen: listen.address: o (expected: nothing)");
        assertThat(lines(address(file, all, Map.of("--port", "82")), directory))
                .containsExactly("option --port: listen.address: 127.0.0.1:82 (expected: nothing)");
    }

    @Test
    void ourOwnVariablesThatLoseAreMentionedAndThePlatformsPortIsNot() {
        assertThat(address("", Map.of("PORT", "81", "ESPER_LISTEN", "s"), Map.of())
                        .warnings())
                .isEmpty();
        assertThat(address("", Map.of("ESPER_LISTEN_ADDRESS", "l", "ESPER_LISTEN", "s"), Map.of())
                        .warnings())
                .containsExactly("environment ESPER_LISTEN: ignored, ESPER_LISTEN_ADDRESS sets listen.address too");
    }

    @Test
    void unknownAndMalformedOptionsAreProblems() {
        assertThat(lines(address("", Map.of(), Map.of("listen.adress", "x", "a..b", "y")), directory))
                .contains(
                        "option listen.adress: listen.adress: unknown key (did you mean listen.address?)",
                        "option a..b: not a key (expected: a path such as limits.body)");
    }

    @Test
    void substitutionsSeeTheHigherLayers() {
        assertThat(lines(
                        address("listen.address = ${mode}", Map.of("ESPER_MODE", "from environment"), Map.of()),
                        directory))
                .containsExactly("environment ESPER_MODE: listen.address: from environment (expected: nothing)");
    }

    @Test
    void problemsOfAllLayersComeTogether() {
        assertThat(lines(
                        address("limts.x = 1\nlisten.backlog = 0", Map.of(), Map.of("listen.address", "o")), directory))
                .containsExactly(
                        "g.conf:1: limts: unknown key (did you mean limits?)",
                        "g.conf:2: listen.backlog: 0 (expected: 1..128)",
                        "option --listen: listen.address: o (expected: nothing)");
    }
}
