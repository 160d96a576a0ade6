package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.KeyCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of all keys is made from the reference; with {@code -Dreference.write} this writes it. */
class ReferencePageTest {
    private static final Path PAGE = Path.of("docs/reference.md");
    private static final Path REFERENCE = Path.of("src/main/resources/reference.conf");

    private static String page() throws IOException {
        String written = Files.readString(PAGE);
        String head = written.replaceFirst("(?s)\n## .*", "");
        return ReferencePage.of(head, ConfigSource.reference("reference.conf", Files.readString(REFERENCE)));
    }

    @Test
    void thePageIsWhatTheReferenceSays() throws IOException {
        String page = page();
        if (System.getProperty("reference.write") != null) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as(
                        "run mvn -q -Dtest=ReferencePageTest -Dsurefire.failIfNoSpecifiedTests=false -Dreference.write test")
                .hasContent(page);
    }

    @Test
    void everyKeyHasARow() throws IOException {
        List<String> rows = Files.readAllLines(PAGE);
        for (KeyCatalogue.Entry entry : KeyCatalogue.ofReference().entries()) {
            assertThat(rows).anyMatch(row -> row.startsWith("| `" + entry.key() + "` | `"));
        }
    }
}
