package com.esperr.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KeyCatalogueTest {
    private static final KeyCatalogue SAMPLE = KeyCatalogue.of(Sample.reference());

    private static KeyCatalogue catalogue(String text) {
        return KeyCatalogue.of(ConfigSource.reference("other.conf", text));
    }

    @Test
    void holdsEveryLeafInTheOrderOfTheFile() {
        assertThat(SAMPLE.entries())
                .extracting(KeyCatalogue.Entry::key)
                .containsExactly(
                        "mode",
                        "listen.address",
                        "listen.backlog",
                        "esper.api-key",
                        "esper.url",
                        "limits.header-bytes",
                        "limits.timeout",
                        "limits.ratio",
                        "limits.enabled",
                        "trusted",
                        "headers",
                        "routes",
                        "pools",
                        "policies");
    }

    @Test
    void knowsDefaultCommentsAndVariable() {
        assertThat(SAMPLE.entries())
                .contains(
                        new KeyCatalogue.Entry("mode", "local", List.of("Which decisions are asked."), "ESPER_MODE"),
                        new KeyCatalogue.Entry(
                                "listen.address", "127.0.0.1:8080", List.of("Host and port."), "ESPER_LISTEN_ADDRESS"),
                        new KeyCatalogue.Entry("esper.api-key", "null", List.of(), "ESPER_ESPER_API_KEY"),
                        new KeyCatalogue.Entry("limits.header-bytes", "64 KiB", List.of(), "ESPER_LIMITS_HEADER_BYTES"),
                        new KeyCatalogue.Entry("trusted", "[\"127.0.0.1\"]", List.of(), "ESPER_TRUSTED"),
                        new KeyCatalogue.Entry("headers", "{}", List.of(), "ESPER_HEADERS"));
    }

    @Test
    void theReferenceMeansTheSameWithoutItsComments() {
        assertThat(ConfigSource.standardDefaults()).isEqualTo(ConfigSource.standardReference());
        assertThat(places(ConfigSource.standardDefaults())).isEqualTo(places(ConfigSource.standardReference()));
        assertThat(KeyCatalogue.keys(ConfigSource.standardDefaults()))
                .containsExactlyInAnyOrderElementsOf(KeyCatalogue.ofReference().entries().stream()
                        .map(KeyCatalogue.Entry::key)
                        .toList());
    }

    /** Each key with its line. */
    private static Map<String, Integer> places(Config reference) {
        return reference.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().origin().lineNumber()));
    }

    @Test
    void tellsHowAnotherFileDiffers() {
        assertThat(catalogue("a = 1, b = [x], c = 64 KiB").differences(catalogue("b = [y], c = 64 KiB, d = 2")))
                .containsExactly(
                        "a: missing (expected: 1)", "b: [\"y\"] (expected: [\"x\"])", "d: 2 (expected: no such key)");
        assertThat(SAMPLE.differences(SAMPLE)).isEmpty();
    }

    @Test
    void findsVariablesThatWouldSetTwoKeys() {
        List<Alias> aliases = List.of(Alias.of("ESPER_MODE", "mode"), Alias.of("ESPER_LISTEN", "listen.address"));
        assertThat(SAMPLE.collisions(aliases)).isEmpty();
        assertThat(catalogue("a.b-c = 1, a-b.c = 2, d = 3").collisions(List.of(Alias.of("ESPER_D", "e"))))
                .isEqualTo(Map.of("ESPER_A_B_C", Set.of("a.b-c", "a-b.c"), "ESPER_D", Set.of("d", "e")));
    }
}
