package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart refuses, and that its schema has all keys and no others. */
class ChartValuesTest {
    private static final Path BAD = Path.of("src/test/resources/chart");
    private static final String EXPECT = "# expect: ";

    @BeforeAll
    static void helm() {
        Manifests.requireHelm();
    }

    static List<Path> bad() {
        return Manifests.files(BAD);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void mistakesAreRefusedWithWhatIsWrong(Path values) throws IOException {
        String first = Files.readAllLines(values).get(0);
        assertThat(first).startsWith(EXPECT);
        assertThatThrownBy(
                        () -> Manifests.command(values, Manifests.NEW, Map.of()).call())
                .hasMessageContaining(first.substring(EXPECT.length()));
    }

    @Test
    void aNativeSidecarNeedsAKubernetesThatHasThem() {
        Path values = Manifests.CHART.resolve("ci/sidecar-values.yaml");
        assertThatThrownBy(() -> Manifests.command(values, "1.28.3", Map.of()).call())
                .hasMessageContaining("workload: sidecar with Kubernetes v1.28.3 (expected: 1.29 or newer");
    }

    @Test
    void noObjectOfTheSchemaTakesUnknownMembers() throws IOException {
        List<String> lax = new ArrayList<>();
        collect("", schema(), lax);
        assertThat(lax).isEmpty();
    }

    /** Objects that name members and take others all the same. */
    private static void collect(String path, JsonNode schema, List<String> lax) {
        if (schema.has("properties") && schema.path("additionalProperties").asBoolean(true)) {
            lax.add(path);
        }
        schema.path("properties")
                .properties()
                .forEach(member -> collect(path + "/" + member.getKey(), member.getValue(), lax));
        if (schema.has("items")) {
            collect(path + "/*", schema.path("items"), lax);
        }
    }

    @Test
    void everyValueThatIsExplainedIsInTheSchemaAndTheOtherWayRound() throws IOException {
        Set<String> explained = new TreeSet<>();
        for (String line : Files.readAllLines(Manifests.CHART.resolve("values.yaml"))) {
            if (line.matches("[a-zA-Z]+:.*")) {
                explained.add(line.replaceFirst(":.*", ""));
            }
        }
        Set<String> known = new TreeSet<>();
        schema().path("properties").fieldNames().forEachRemaining(known::add);
        // Helm puts it into the values of every chart that another one brings along.
        known.remove("global");
        assertThat(known).isEqualTo(explained);
    }

    private static JsonNode schema() throws IOException {
        return new ObjectMapper().readTree(Files.readString(Manifests.CHART.resolve("values.schema.json")));
    }
}
