package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.KeyCatalogue;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The blocks of configuration that pages show can be read, and name keys that exist. */
class PageConfigurationTest {
    private static final List<String> KEYS = KeyCatalogue.ofReference().entries().stream()
            .map(KeyCatalogue.Entry::key)
            .toList();

    @Test
    void everyBlockOfConfigurationNamesKeysThatExist() {
        int keys = 0;
        for (Path page : Page.files()) {
            for (String block : Document.read(page.toString()).blocks("hocon")) {
                List<String> named = KeyCatalogue.of(ConfigSource.reference(page.toString(), block)).entries().stream()
                        .map(KeyCatalogue.Entry::key)
                        .toList();
                // A clause of a policy has a page and tests of its own.
                if (!block.startsWith("{ match")) {
                    assertThat(named).as(page + ": " + block).isNotEmpty().allMatch(PageConfigurationTest::exists);
                    keys += named.size();
                }
            }
        }
        assertThat(keys).isGreaterThan(10);
    }

    /** Also what is below a key whose own names are free, such as {@code origins}. */
    private static boolean exists(String key) {
        return KEYS.stream().anyMatch(known -> key.equals(known) || key.startsWith(known + "."));
    }
}
