package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.KeyCatalogue;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The reference of all keys is one: the defaults that are read, the commented configuration, the page of all keys and the chart. With
 * {@code -Dreference.write} the page is written.
 */
class ReferenceTest {
    private static final KeyCatalogue REFERENCE = KeyCatalogue.ofReference();
    private static final Path PAGE = Path.of("docs/reference.md");

    private static final Pattern SECRET =
            Pattern.compile(".*(api-key|hash-key|(pass|attestation)\\.key|previous-key|secret|password)");

    private static KeyCatalogue commented() throws IOException {
        return KeyCatalogue.of(
                ConfigSource.reference("conf/gateway.conf", Files.readString(Path.of("conf/gateway.conf"))));
    }

    @Test
    void theCommentedConfigurationShowsEveryKeyWithItsDefault() throws IOException {
        assertThat(REFERENCE.differences(commented())).isEmpty();
    }

    @Test
    void theCommentedConfigurationExplainsEveryKeyAsTheReferenceDoes() throws IOException {
        List<String> different = new ArrayList<>();
        Map<String, List<String>> explained = commented().entries().stream()
                .collect(Collectors.toMap(KeyCatalogue.Entry::key, KeyCatalogue.Entry::comments));
        for (KeyCatalogue.Entry entry : REFERENCE.entries()) {
            if (!entry.comments().equals(explained.get(entry.key()))) {
                different.add(entry.key());
            }
        }
        assertThat(different).isEmpty();
    }

    @Test
    void thePageOfAllKeysIsMadeFromTheReference() throws IOException {
        String head = Files.readString(PAGE).replaceFirst("(?s)\n## .*", "");
        String reference = Files.readString(Path.of("src/main/resources/reference.conf"));
        String page = ReferencePage.of(head, ConfigSource.reference("reference.conf", reference));
        if (System.getProperty("reference.write") != null) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as("run mvn -q -Dtest=ReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dreference.write test")
                .hasContent(page);
    }

    @Test
    void thePageOfAllKeysHasARowForEach() throws IOException {
        List<String> rows = Files.readAllLines(PAGE);
        for (KeyCatalogue.Entry entry : REFERENCE.entries()) {
            assertThat(rows).anyMatch(row -> row.startsWith("| `" + entry.key() + "` | `"));
        }
    }

    @Test
    void theSchemaOfTheChartKnowsEverySectionAndNoOther() throws IOException {
        Set<String> sections = REFERENCE.entries().stream()
                .map(entry -> entry.key().replaceFirst("\\..*", ""))
                .filter(section -> !section.equals("mode"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> known = new TreeSet<>();
        new ObjectMapper()
                .readTree(Files.readString(Path.of("charts/esper-gateway/values.schema.json")))
                .at("/properties/config/properties")
                .fieldNames()
                .forEachRemaining(known::add);
        assertThat(known).isEqualTo(sections);
    }

    @Test
    void theChartRefusesEverySecretInTheClear() throws IOException {
        String check = Files.readString(Path.of("charts/esper-gateway/templates/_check.tpl"));
        List<String> secrets = REFERENCE.entries().stream()
                .map(KeyCatalogue.Entry::key)
                .filter(key -> SECRET.matcher(key).matches())
                .toList();
        assertThat(secrets)
                .hasSizeGreaterThan(10)
                .allSatisfy(key -> assertThat(check).contains("\"" + key + "\""));
    }
}
