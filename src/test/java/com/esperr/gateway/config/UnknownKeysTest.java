package com.esperr.gateway.config;

import static com.esperr.gateway.config.Sample.lines;
import static com.esperr.gateway.config.Sample.readFile;
import static com.esperr.gateway.config.Sample.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnknownKeysTest {
    @TempDir
    Path directory;

    private List<String> problems(String text, Function<Section, Object> reader) {
        return lines(readFile(write(directory, "g.conf", text), reader), directory);
    }

    @ParameterizedTest
    @CsvSource({
        "limits.heder-bytes, limits.header-bytes",
        "limits.headerBytes, limits.header-bytes",
        "limits.header_bytes, limits.header-bytes",
        "header-bytes, limits.header-bytes",
        "listen.header-bytes, limits.header-bytes",
        "limit.header-bytes, limits",
        "lisen, listen",
        "address, listen.address",
        "api-key, esper.api-key",
        "esper.apikey, esper.api-key",
        "Mode, mode",
        "route, routes",
    })
    void theNearestKnownKeyIsNamed(String written, String meant) {
        assertThat(problems("\n" + written + " = 1", root -> "read"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("g.conf:2: ")
                .endsWith(": unknown key (did you mean " + meant + "?)");
    }

    @Test
    void nothingIsSuggestedWhenNothingIsNear() {
        assertThat(problems("zygote { a = 1, b = 2 }", root -> "read"))
                .containsExactly("g.conf:1: zygote: unknown key (expected: one of the documented keys)");
    }

    @Test
    void theValueOfAnUnknownKeyIsNotShown() {
        assertThat(problems("esper.apikee = hunter2hunter2", root -> "read"))
                .containsExactly("g.conf:1: esper.apikee: unknown key (did you mean esper.api-key?)");
    }

    @Test
    void keysReadInListsAndNamedObjectsAreKnownThere() {
        String text = """
                routes = [
                  { path = /a, orgin = x }
                  { origin = y, sub { key = 1, kee = 2 } }
                ]
                pools.p { size = 1, sise = 2 }
                """;
        assertThat(problems(text, root -> {
                    root.sections("routes").forEach(route -> {
                        route.stringOr("path", "");
                        route.stringOrNull("origin");
                        route.section("sub").stringOr("key", "");
                    });
                    root.namedSections("pools").values().forEach(pool -> pool.integer("size", 1, 2));
                    return "read";
                }))
                .containsExactly(
                        "g.conf:2: routes[0].orgin: unknown key (did you mean routes[0].origin?)",
                        "g.conf:3: routes[1].sub.kee: unknown key (did you mean routes[1].sub.key?)",
                        "g.conf:5: pools.p.sise: unknown key (did you mean pools.p.size?)");
    }

    @Test
    void freeMapsAndRawTreesHaveNoUnknownKeys() {
        assertThat(problems("headers { a = 1 }\npolicies = [{ b = 2 }]\npools { c { d = 3 } }", root -> {
                    root.entries("headers");
                    root.raw("policies");
                    return "read";
                }))
                .isEmpty();
    }

    @Test
    void aReaderThatGaveUpLeavesNoFalseUnknownKeys() {
        assertThat(problems("routes = [{ path = /a, weight = 0 }]\nmode = 1", root -> {
                    root.section("listen").integer("backlog", 1, 2);
                    throw new IllegalArgumentException("the stand-ins contradict each other");
                }))
                .containsExactly("listen.backlog: 128 (expected: 1..2)");
    }
}
