package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.telemetry.MeterName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of the dashboard know numbers and elements by names, which nothing else would hold together. */
class DashboardScriptTest {
    @Test
    void everyNumberThatIsDrawnIsToldAndEveryOneThatIsToldIsDrawn() throws IOException {
        Set<String> told = Stream.concat(Overview.SHOWN.stream(), Trend.READ.stream())
                .map(MeterName::exposed)
                .collect(Collectors.toCollection(TreeSet::new));
        String view = read("view.js");
        Set<String> drawn = found(view, "'(esper_[a-z0-9_]+[a-z0-9])'");
        assertThat(told).containsAll(drawn);
        assertThat(view)
                .contains("'esper_challenges_' + stage + '_total'", "['issued', 'loaded', 'submitted', 'solved']");
        Set<String> shown = Overview.SHOWN.stream().map(MeterName::exposed).collect(Collectors.toSet());
        shown.removeAll(drawn);
        assertThat(shown)
                .containsExactlyInAnyOrder(
                        "esper_challenges_issued_total",
                        "esper_challenges_loaded_total",
                        "esper_challenges_submitted_total",
                        "esper_challenges_solved_total");
    }

    @Test
    void everyLineThatIsDrawnIsAmongThePoints() throws IOException {
        assertThat(Trend.NAMES).containsAll(found(read("view.js"), "\\bi\\.([a-z0-9_]+)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.js", "view.js", "actions.js"})
    void everyElementThatIsNamedIsInThePage(String script) throws IOException {
        assertThat(found(read("dashboard.html"), "id=\"([a-z-]+)\""))
                .containsAll(found(read(script), "\\bat\\('([a-z-]+)'\\)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.js", "view.js", "chart.js", "format.js", "actions.js"})
    void nothingIsMadeOfMarkupOrRunFromText(String script) throws IOException {
        assertThat(read(script))
                .doesNotContain(
                        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function")
                .doesNotContain("setAttribute('style'", "http:", "https:", "//cdn");
    }

    private static Set<String> found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(String file) throws IOException {
        try (var in = DashboardEndpoint.class.getResourceAsStream(file)) {
            assertThat(in).as(file).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("http://www.w3.org/2000/svg", "")
                    .replace("XMLHttpRequest", "");
        }
    }
}
