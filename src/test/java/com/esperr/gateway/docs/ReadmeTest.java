package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.KeyCatalogue;
import com.esperr.gateway.telemetry.MeterName;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Document README = Document.read("README.md");
    private static final Map<String, String> DEFAULTS = KeyCatalogue.ofReference().entries().stream()
            .collect(Collectors.toMap(KeyCatalogue.Entry::key, KeyCatalogue.Entry::standard));
    private static final Pattern DOTTED = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z0-9-]+)+");
    private static final Pattern METER = Pattern.compile("esper_[a-z_]+");
    private static final Pattern FILE = Pattern.compile("(conf|docker|charts|src)/\\S*");

    @Test
    void namesTheTwoCommands() {
        assertThat(README.blockLines("sh"))
                .contains("mvn -q -DskipTests package && java -jar target/esper-gateway.jar demo", "mvn -q verify");
    }

    @Test
    void everyConfigurationKeyMetricAndFileItNamesExists() {
        assertThat(README.codes())
                .anyMatch(ReadmeTest::isKeyOrSection)
                .anyMatch(code -> METER.matcher(code).matches());
        requireNames(README);
    }

    /** What looks like a configuration key, a metric or a file of the repository must be one. */
    static void requireNames(Document document) {
        List<String> sections = DEFAULTS.keySet().stream()
                .map(key -> key.replaceFirst("\\..*", ""))
                .distinct()
                .toList();
        assertThat(document.codes())
                .filteredOn(code -> DOTTED.matcher(code).matches() && sections.contains(code.replaceFirst("\\..*", "")))
                .filteredOn(code -> !code.matches(".*\\.(conf|md|json|yaml|service)"))
                .allMatch(ReadmeTest::isKeyOrSection);
        List<String> exposed =
                Arrays.stream(MeterName.values()).map(MeterName::exposed).toList();
        assertThat(document.codes())
                .filteredOn(code -> METER.matcher(code).matches())
                .allMatch(exposed::contains);
        assertThat(document.codes())
                .filteredOn(code -> FILE.matcher(code).matches())
                .allSatisfy(code -> assertThat(Path.of(code)).exists());
    }

    private static boolean isKeyOrSection(String name) {
        return DEFAULTS.keySet().stream().anyMatch(key -> key.equals(name) || key.startsWith(name + "."));
    }
}
