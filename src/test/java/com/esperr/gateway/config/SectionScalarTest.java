package com.esperr.gateway.config;

import static com.esperr.gateway.config.Sample.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SectionScalarTest {
    enum Mode {
        LOCAL,
        CLOUD_ONLY,
        MONITOR
    }

    /** What the reader saw, problems or not, and the problems as one text. */
    private record Seen(Object value, String problems) {}

    private static Seen see(String path, String value, Function<Section, Object> reader) {
        Object[] seen = new Object[1];
        Loaded<String> loaded = read(Map.of(path, value), root -> {
            seen[0] = reader.apply(root);
            return "read";
        });
        return new Seen(
                seen[0],
                String.join(
                        "\n", loaded.problems().stream().map(Problem::toString).toList()));
    }

    @Test
    void defaultsAreReadWithoutProblems() {
        Loaded<String> loaded = read(Map.of(), root -> {
            Section limits = root.section("limits");
            assertThat(limits.path()).isEqualTo("limits");
            assertThat(root.choice("mode", Mode.class)).isEqualTo(Mode.LOCAL);
            assertThat(root.section("listen").string("address")).isEqualTo("127.0.0.1:8080");
            assertThat(root.section("listen").integer("backlog", 1, 1000)).isEqualTo(128);
            assertThat(root.section("listen").number("backlog", 1, 1000)).isEqualTo(128L);
            assertThat(limits.bytes("header-bytes", 1, 1 << 20)).isEqualTo(65536);
            assertThat(limits.duration("timeout", Duration.ZERO, Duration.ofMinutes(1)))
                    .isEqualTo(Duration.ofSeconds(10));
            assertThat(limits.fraction("ratio", 0, 1)).isEqualTo(0.5);
            assertThat(limits.flag("enabled")).isTrue();
            assertThat(root.section("esper").stringOrNull("api-key")).isNull();
            return "read";
        });
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.value()).isEqualTo("read");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1000, 1000", "1e2, 100", "' 7 ', 7", "+7, 7", "7.0, 7"})
    void integersOfTheRangeAreRead(String text, int value) {
        assertThat(see("listen.backlog", text, root -> root.section("listen").integer("backlog", 1, 1000)))
                .isEqualTo(new Seen(value, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "1001",
                "1.5",
                "many",
                "4294967297",
                "9223372036854775808",
                "1e999999999",
                "1e-999999999",
                "0x10",
                "NaN",
            })
    void badIntegersAreReportedAndTheDefaultIsUsed(String text) {
        assertThat(see("listen.backlog", text, root -> root.section("listen").integer("backlog", 1, 1000)))
                .isEqualTo(new Seen(128, "option listen.backlog: listen.backlog: " + text + " (expected: 1..1000)"));
    }

    @Test
    void aNumberMayUseTheWholeOfALong() {
        String max = Long.toString(Long.MAX_VALUE);
        String min = Long.toString(Long.MIN_VALUE);
        Function<Section, Object> any =
                root -> root.section("listen").number("backlog", Long.MIN_VALUE, Long.MAX_VALUE);
        assertThat(see("listen.backlog", max, any)).isEqualTo(new Seen(Long.MAX_VALUE, ""));
        assertThat(see("listen.backlog", min, any)).isEqualTo(new Seen(Long.MIN_VALUE, ""));
        assertThat(see("listen.backlog", "x", any).problems).endsWith("x (expected: a whole number)");
        assertThat(see("listen.backlog", "-1", root -> root.section("listen").number("backlog", 0, Long.MAX_VALUE))
                        .problems)
                .endsWith("-1 (expected: 0 or more)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.1", "1.1", "NaN", "Infinity", "1e400", "half", "0x1p-1", "1d"})
    void badFractionsAreReportedAndTheDefaultIsUsed(String text) {
        assertThat(see("limits.ratio", text, root -> root.section("limits").fraction("ratio", 0, 1)))
                .isEqualTo(new Seen(0.5, "option limits.ratio: limits.ratio: " + text + " (expected: 0.0..1.0)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1 B", "2 MiB", "-64 KiB", "64 KB", "8 EiB", "99999999999999 EiB", "0.1 B", "big"})
    void badSizesAreReportedAndTheDefaultIsUsed(String text) {
        assertThat(see(
                        "limits.header-bytes",
                        text,
                        root -> root.section("limits").bytes("header-bytes", 1024, 1 << 20)))
                .isEqualTo(new Seen(
                        65536L,
                        "option limits.header-bytes: limits.header-bytes: " + text + " (expected: 1 KiB..1 MiB)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "30", "-1 s", "2 h", "1 ns", "99999999999 d", "soon"})
    void badDurationsAreReportedAndTheDefaultIsUsed(String text) {
        assertThat(see(
                        "limits.timeout",
                        text,
                        root -> root.section("limits").duration("timeout", Duration.ofMillis(1), Duration.ofHours(1))))
                .isEqualTo(new Seen(
                        Duration.ofSeconds(10),
                        "option limits.timeout: limits.timeout: " + text + " (expected: 1 ms..1 h, with the unit)"));
    }

    @ParameterizedTest
    @CsvSource({"true, true", "yes, true", "ON, true", "false, false", "no, false", "Off, false"})
    void flagsAreReadInTheSpellingsOfHocon(String text, boolean value) {
        assertThat(see("limits.enabled", text, root -> root.section("limits").flag("enabled")))
                .isEqualTo(new Seen(value, ""));
    }

    @Test
    void badFlagsAreReportedAndTheDefaultIsUsed() {
        assertThat(see("limits.enabled", "1", root -> root.section("limits").flag("enabled")))
                .isEqualTo(new Seen(true, "option limits.enabled: limits.enabled: 1 (expected: true or false)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud-only", "CLOUD_ONLY", "Cloud-Only", " cloud-only "})
    void choicesAreReadInKebabCase(String text) {
        assertThat(see("mode", text, root -> root.choice("mode", Mode.class))).isEqualTo(new Seen(Mode.CLOUD_ONLY, ""));
    }

    @Test
    void aBadChoiceListsTheChoices() {
        assertThat(see("mode", "clod", root -> root.choice("mode", Mode.class)))
                .isEqualTo(
                        new Seen(Mode.LOCAL, "option mode: mode: clod (expected: one of local, cloud-only, monitor)"));
    }

    @Test
    void parsedValuesFallBackToTheParsedDefault() {
        Function<Section, Object> url =
                root -> root.section("esper").parsed("url", "URL", URI.create("x:y"), URI::create);
        assertThat(see("esper.url", "http://h", url)).isEqualTo(new Seen(URI.create("http://h"), ""));
        assertThat(see("esper.url", "a b", url))
                .isEqualTo(new Seen(
                        URI.create("https://api.example"), "option esper.url: esper.url: a b (expected: URL)"));
    }

    @Test
    void aParserThatBreaksIsABadValueToo() {
        Seen seen = see(
                "esper.url",
                "x",
                root -> root.section("esper").parsed("url", "something else", 7, text -> {
                    throw new IndexOutOfBoundsException("a mistake of the parser");
                }));
        assertThat(seen).isEqualTo(new Seen(7, "option esper.url: esper.url: x (expected: something else)"));
    }

    @Test
    void parsedOrNullIsNullForAbsentEmptyAndBad() {
        Function<Section, Object> number = root ->
                String.valueOf(root.section("listen").<Integer>parsedOrNull("address", "number", Integer::valueOf));
        assertThat(see("listen.address", "7", number)).isEqualTo(new Seen("7", ""));
        assertThat(see("listen.address", "", number)).isEqualTo(new Seen("null", ""));
        assertThat(see("listen.address", "x", number).value).isEqualTo("null");
        assertThat(see("listen.address", "x", number).problems).endsWith("listen.address: x (expected: number)");
    }

    @Test
    void requiredTextMustNotBeBlank() {
        Function<Section, Object> url = root -> root.section("esper").required("url", "URL of the API");
        assertThat(see("esper.url", "x", url)).isEqualTo(new Seen("x", ""));
        assertThat(see("esper.url", "", url))
                .isEqualTo(new Seen("", "option esper.url: esper.url: \"\" (expected: URL of the API)"));
        assertThat(see("mode", "local", root -> root.section("esper").required("api-key", "the key of the API")))
                .isEqualTo(new Seen("", "esper.api-key: not set (expected: the key of the API)"));
    }

    @Test
    void emptyTextIsNullForStringOrNull() {
        assertThat(see(
                        "listen.address",
                        "",
                        root -> String.valueOf(root.section("listen").stringOrNull("address"))))
                .isEqualTo(new Seen("null", ""));
    }

    @Test
    void aBadDefaultIsReportedInTheReferenceAndReplacedByALegalValue() {
        assertThat(see("mode", "local", root -> root.section("listen").integer("backlog", 200, 300)))
                .isEqualTo(new Seen(200, "listen.backlog: 128 (expected: 200..300)"));
        assertThat(see("mode", "local", root -> root.section("listen").integer("backlog", -9, -1)).value)
                .isEqualTo(-1);
    }

    @Test
    void aKeyThatTheReferenceLacksIsReportedThere() {
        assertThat(see("mode", "local", root -> root.section("listen").integer("backlogg", 1, 10)))
                .isEqualTo(new Seen(1, "listen.backlogg: not set (expected: 1..10)"));
    }

    @Test
    void everyReadReportsAndReadingGoesOn() {
        Loaded<String> loaded =
                read(Map.of("listen.backlog", "x", "limits.ratio", "y", "limits.enabled", "z", "mode", "w"), root -> {
                    root.section("listen").integer("backlog", 1, 2);
                    root.section("limits").fraction("ratio", 0, 1);
                    root.section("limits").flag("enabled");
                    root.choice("mode", Mode.class);
                    return "read";
                });
        assertThat(loaded.problems())
                .extracting(Problem::path)
                .containsExactly("limits.enabled", "limits.ratio", "listen.backlog", "mode");
        assertThat(loaded.isValid()).isFalse();
    }
}
