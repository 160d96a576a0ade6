package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.KeyCatalogue;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.failure.Side;
import com.esperr.gateway.http.NormalPath;
import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathOptions.Treatment;
import com.esperr.gateway.http.PathRefusal;
import com.esperr.gateway.http.PathResult;
import com.esperr.gateway.http.PathRules;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/failures.md} are what the code does. */
class FailuresPageTest {
    private static final Document PAGE = Document.read("docs/failures.md");
    private static final Map<String, String> DEFAULTS = KeyCatalogue.ofReference().entries().stream()
            .collect(Collectors.toMap(KeyCatalogue.Entry::key, KeyCatalogue.Entry::standard));

    @Test
    void theTableOfRefusalsIsTheListOfReasons() {
        Map<String, String> told = new TreeMap<>();
        PAGE.table("Status", "Word", "When").forEach(row -> told.put(Document.code(row.get(1)), row.get(0)));
        Map<String, String> real = Arrays.stream(FailureReason.values())
                .filter(reason -> reason.side() != Side.DECISION)
                .collect(Collectors.toMap(
                        FailureReason::label, reason -> Integer.toString(reason.status()), (a, b) -> b, TreeMap::new));
        assertThat(told).isEqualTo(real);
    }

    @Test
    void theFailureTableShowsTheDefaults() {
        Map<String, String> told = new TreeMap<>();
        for (List<String> row : PAGE.table("The question", "`failure.normal`", "`failure.sensitive`")) {
            told.put("failure.normal." + Document.code(row.get(0)), row.get(1));
            told.put("failure.sensitive." + Document.code(row.get(0)), row.get(2));
        }
        Map<String, String> real = new TreeMap<>(DEFAULTS);
        real.keySet().removeIf(key -> !key.startsWith("failure."));
        assertThat(told).isEqualTo(real);
    }

    @Test
    void pathsBecomeWhatTheTableSays() {
        PathRules strict = new PathRules(PathOptions.STRICT);
        PathRules lenient =
                new PathRules(new PathOptions(Treatment.KEEP, Treatment.KEEP, Treatment.KEEP, Treatment.KEEP));
        for (List<String> row : PAGE.table("Asked for", "Forwarded", "Key")) {
            String asked = Document.code(row.get(0));
            PathResult result = strict.normalise(asked);
            if (row.get(1).equals("refused")) {
                assertThat(result).as(asked).isInstanceOf(PathRefusal.class);
            } else {
                assertThat(result)
                        .as(asked)
                        .isInstanceOfSatisfying(
                                NormalPath.class,
                                path -> assertThat(path.forward()).isEqualTo(Document.code(row.get(1))));
            }
            boolean keeps = lenient.normalise(asked) instanceof NormalPath;
            assertThat(keeps)
                    .as(asked)
                    .isEqualTo(!row.get(1).equals("refused") || !row.get(2).isEmpty());
        }
    }
}
