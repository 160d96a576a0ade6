package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The commands of a page that has a test of its own, for that test to take one after the other; {@link #done} notices one that it has
 * left out. Not thread-safe.
 */
final class PageSteps {
    private final List<String> left;

    private PageSteps(List<String> left) {
        this.left = left;
    }

    /** Those of that file below {@code docs}. */
    static PageSteps of(String file) {
        try {
            return new PageSteps(new ArrayList<>(
                    Page.of(file, Files.readString(Path.of("docs", file))).commands().stream()
                            .map(Page.Command::line)
                            .toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the page has a test of its own: {@code docs/hot-restart.md} has {@code HotRestartPageIT} in this package. */
    static boolean isTestedAlone(Path page) {
        String name = page.getFileName().toString().replaceFirst("\\.md$", "");
        String words = Stream.of(name.split("-"))
                .map(word -> word.substring(0, 1).toUpperCase() + word.substring(1))
                .collect(Collectors.joining());
        return Files.exists(
                Path.of("src/test/java", PageSteps.class.getPackageName().replace('.', '/'), words + "PageIT.java"));
    }

    /** The next one, which must begin like this. */
    String take(String beginning) {
        assertThat(left).as("commands that are left").isNotEmpty();
        assertThat(left.get(0)).startsWith(beginning);
        return left.remove(0);
    }

    /** All must have been taken. */
    void done() {
        assertThat(left).as("commands that nothing has run").isEmpty();
    }
}
