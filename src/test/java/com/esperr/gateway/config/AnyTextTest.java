package com.esperr.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in a file, reading ends with a value or with problems, never with an exception. */
class AnyTextTest {
    private static final String[] TOKENS = {
        "{",
        "}",
        "[",
        "]",
        "=",
        ":",
        "+=",
        ",",
        "\n",
        "\n",
        " ",
        "\"",
        "\"\"\"",
        "${",
        "${?",
        "}",
        "#",
        "//",
        "\\",
        ".",
        "..",
        "include ",
        "required(",
        "file(",
        "url(",
        "classpath(",
        ")",
        "\"x.conf\"",
        "\"g.conf\"",
        "mode",
        "limits",
        "listen",
        "address",
        "backlog",
        "header-bytes",
        "timeout",
        "trusted",
        "headers",
        "routes",
        "pools",
        "policies",
        "path",
        "esper",
        "api-key",
        "null",
        "true",
        "1",
        "-7",
        "1e9",
        "1e999",
        "64 KiB",
        "10 s",
        "a",
        "ESPER_A",
        "PORT",
        "\u0000",
        "\u00e9",
        "[]",
        "0",
        "mode = ${mode}",
        "limits = ${limits} { a = 1 }",
        "routes += { path = x }",
    };

    @TempDir
    Path directory;

    @Test
    void readingNeverThrows() {
        Random random = new Random(20261121);
        Sample.write(directory, "x.conf", "mode = included\nroutes += { path = /y }");
        int bad = 0;
        for (int round = 0; round < 3_000; round++) {
            String text = text(random);
            Path file = Sample.write(directory, "g.conf", text);
            Loaded<?>[] loaded = new Loaded<?>[2];
            assertThatCode(() -> {
                        ConfigSource source = ConfigSource.load(file, Map.of("ESPER_A", "a"), Map.of())
                                .withReference(Sample.reference());
                        loaded[0] = Configurations.read(source, AnyTextTest::readAll);
                        loaded[1] = Configurations.readFile(file, AnyTextTest::readAll);
                    })
                    .as("round %d: %s", round, text)
                    .doesNotThrowAnyException();
            for (Loaded<?> one : loaded) {
                one.problems().forEach(problem -> assertThat(problem.toString()).doesNotContain("\n"));
                assertThat(one.isValid()).as(text).isEqualTo(one.problems().isEmpty());
                assertThat(one.render()).isNotNull();
            }
            bad += loaded[0].isValid() ? 0 : 1;
        }
        assertThat(bad).isBetween(1_500, 2_999);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(14); i >= 0; i--) {
            text.append(TOKENS[random.nextInt(TOKENS.length)]);
            text.append(random.nextInt(4) == 0 ? " " : "");
        }
        return text.toString();
    }

    private static String readAll(Section root) {
        root.string("mode");
        Section listen = root.section("listen");
        listen.stringOrNull("address");
        listen.integer("backlog", 1, 1000);
        Section limits = root.section("limits");
        limits.bytes("header-bytes", 1, 1 << 20);
        limits.duration("timeout", Duration.ZERO, Duration.ofHours(1));
        limits.fraction("ratio", 0, 1);
        root.strings("trusted");
        root.entries("headers");
        root.sections("routes").forEach(route -> route.required("path", "a path"));
        root.namedSections("pools").values().forEach(pool -> pool.flagOr("on", true));
        root.raw("policies");
        return "read";
    }
}
