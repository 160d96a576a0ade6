package com.esperr.gateway.config;

import static com.esperr.gateway.config.Sample.lines;
import static com.esperr.gateway.config.Sample.readFile;
import static com.esperr.gateway.config.Sample.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SectionNestingTest {
    @TempDir
    Path directory;

    private final List<Object> seen = new ArrayList<>();

    private List<String> problems(String text, Function<Section, Object> reader) {
        seen.clear();
        Path file = write(directory, "g.conf", text);
        return lines(
                readFile(file, root -> {
                    seen.add(reader.apply(root));
                    return "read";
                }),
                directory);
    }

    @Test
    void listsAreReadAsListsOrWithCommas() {
        Function<Section, Object> trusted = root -> root.strings("trusted");
        assertThat(problems("trusted = [a, 1, true]", trusted)).isEmpty();
        assertThat(seen).containsExactly(List.of("a", "1", "true"));
        assertThat(problems("trusted = \"a, b,,c \"", trusted)).isEmpty();
        assertThat(seen).containsExactly(List.of("a", "b", "c"));
        assertThat(problems("trusted = 7", trusted)).isEmpty();
        assertThat(seen).containsExactly(List.of("7"));
        assertThat(problems("trusted = []", trusted)).isEmpty();
        assertThat(seen).containsExactly(List.of());
        assertThat(problems("trusted = null", trusted)).isEmpty();
        assertThat(seen).containsExactly(List.of());
        assertThat(problems("trusted += b", trusted)).isEmpty();
        assertThat(seen).containsExactly(List.of("127.0.0.1", "b"));
    }

    @Test
    void anObjectIsToldFromAText() {
        Function<Section, Object> kinds = root -> List.of(
                root.isObject("headers"), root.isObject("mode"), root.isObject("trusted"), root.isObject("esper"));
        assertThat(problems("mode = local", kinds)).isEmpty();
        assertThat(seen).containsExactly(List.of(true, false, false, true));
    }

    @Test
    void badItemsAreReportedOneByOne() {
        assertThat(problems("""
                        trusted = [
                          1
                          x
                          { a = 1 }
                          null
                          2
                        ]
                        """, root -> root.parsedList("trusted", "number", Integer::valueOf)))
                .containsExactly(
                        "g.conf:3: trusted[1]: x (expected: number)",
                        "g.conf:4: trusted[2]: {…} (expected: number)",
                        "g.conf:5: trusted[3]: null (expected: number)");
        assertThat(seen).containsExactly(List.of(1, 2));
    }

    @Test
    void anObjectIsNoList() {
        assertThat(problems("trusted { a = 1 }", root -> root.strings("trusted")))
                .containsExactly("g.conf:1: trusted: {…} (expected: a list [ … ] of text)");
    }

    @Test
    void entriesAreTextsByName() {
        Function<Section, Object> headers =
                root -> new ArrayList<>(root.entries("headers").entrySet());
        assertThat(problems("headers { \"X-B.c\" = 1, X-A = a }", headers)).isEmpty();
        assertThat(seen).containsExactly(List.of(Map.entry("X-A", "a"), Map.entry("X-B.c", "1")));
        assertThat(problems("headers { X-B.c = 1 }", headers))
                .containsExactly("g.conf:1: headers.X-B: {…} (expected: text (a name with dots must be quoted))");
        assertThat(problems("headers = 7", headers))
                .containsExactly("g.conf:1: headers: 7 (expected: named texts { name = … })");
    }

    @Test
    void listSectionsHaveTheirIndexInTheirPath() {
        Function<Section, Object> routes = root -> root.sections("routes").stream()
                .map(route -> route.path() + " " + route.required("path", "a path") + " "
                        + route.stringOr("origin", "none")
                        + " "
                        + route.integerOr("weight", 1, 1, 10)
                        + " "
                        + route.flagOr("on", true)
                        + " "
                        + route.durationOr("timeout", Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(9)))
                .toList();
        assertThat(problems(
                        "routes = [{path = /a}, {path = /b, origin = o, weight = 2, on = no, timeout = 3 s}]", routes))
                .isEmpty();
        assertThat(seen).containsExactly(List.of("routes[0] /a none 1 true PT1S", "routes[1] /b o 2 false PT3S"));
        assertThat(problems("""
                        routes = [
                          { origin = o }
                          {
                            path = /b
                            weight = 11
                          }
                          7
                        ]
                        """, routes))
                .containsExactly(
                        "g.conf:2: routes[0].path: missing (expected: a path)",
                        "g.conf:5: routes[1].weight: 11 (expected: 1..10)",
                        "g.conf:7: routes[2]: 7 (expected: an object { … })");
        assertThat(problems("routes { a = 1 }", routes))
                .containsExactly("g.conf:1: routes: {…} (expected: a list of objects [ { … } ])");
    }

    @Test
    void namedSectionsAreSortedAndQuotedWhereNeeded() {
        Function<Section, Object> pools = root -> root.namedSections("pools").values().stream()
                .map(pool -> pool.path() + "=" + pool.integer("size", 1, 9))
                .toList();
        assertThat(problems("pools { b { size = 2 }, \"*.x\" { size = 1 } }", pools))
                .isEmpty();
        assertThat(seen).containsExactly(List.of("pools.\"*.x\"=1", "pools.b=2"));
        assertThat(problems("pools { a = 1 }\npools.b {}", pools))
                .containsExactly(
                        "g.conf:1: pools.a: 1 (expected: an object { … })",
                        "g.conf:2: pools.b.size: missing (expected: 1..9)");
        assertThat(problems("pools = x", pools))
                .containsExactly("g.conf:1: pools: x (expected: named objects { name { … } })");
    }

    @Test
    void aScalarInPlaceOfAnObjectIsOneProblemAndReadsAsTheDefault() {
        assertThat(problems("limits = 7", root -> root.section("limits").flag("enabled")))
                .containsExactly("g.conf:1: limits: 7 (expected: an object { … })");
        assertThat(seen).containsExactly(true);
        assertThat(problems("limits = null", root -> root.section("limits").flag("enabled")))
                .containsExactly("g.conf:1: limits: missing (expected: an object { … })");
    }

    @Test
    void anObjectInPlaceOfAScalarIsReportedWithoutItsContent() {
        assertThat(problems("mode { password = hunter22 }", root -> root.string("mode")))
                .containsExactly("g.conf:1: mode: {…} (expected: text)");
        assertThat(seen).containsExactly("local");
    }

    @Test
    void nullTakesTheDefaultAwayFromAKeyThatNeedsAValue() {
        assertThat(problems("\nmode = null", root -> root.string("mode")))
                .containsExactly("g.conf:2: mode: null (expected: text)");
    }

    @Test
    void nestedSectionsInsideListsAreOptional() {
        Function<Section, Object> routes = root -> root.sections("routes").stream()
                .map(route -> {
                    Section retry = route.sectionOrNull("retry");
                    return route.section("match").stringOr("host", "*") + (retry == null ? "" : retry.string("on"));
                })
                .toList();
        assertThat(problems("routes = [{}, {match.host = h, retry.on = reset}]", routes))
                .isEmpty();
        assertThat(seen).containsExactly(List.of("*", "hreset"));
    }

    @Test
    void rawTreesAreTakenAsTheyAre() {
        Function<Section, Object> policies = root -> root.raw("policies");
        assertThat(problems("policies = [{ name = a, when { any = [1, true] } }]", policies))
                .isEmpty();
        assertThat(seen).containsExactly(List.of(Map.of("name", "a", "when", Map.of("any", List.of(1, true)))));
    }

    @Test
    void readersReportWhatOnlyTheySee() {
        assertThat(problems("\nmode = cloud", root -> {
                    root.problem("mode", "cloud", "esper.api-key to be set");
                    root.section("limits").problem("", "odd", "even");
                    assertThat(root.location("mode").line()).isEqualTo(2);
                    assertThat(root.has("mode")).isTrue();
                    assertThat(root.section("esper").has("api-key")).isFalse();
                    return root.section("limits").location("nothing").toString();
                }))
                .containsExactly(
                        "g.conf:2: mode: cloud (expected: esper.api-key to be set)", "limits: odd (expected: even)");
        assertThat(seen).containsExactly("reference.conf:9");
    }
}
