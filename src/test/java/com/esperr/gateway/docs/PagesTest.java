package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PagesTest {
    private static final Path README = Path.of("README.md");
    private static final Pattern FENCE = Pattern.compile("(?m)^ *```+(.*)$");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?) *#*$");
    private static final Pattern TEST_NAME = Pattern.compile("`(?:[a-z0-9]+\\.)*([A-Z][A-Za-z0-9]*(?:IT|Test))`");
    private static final Set<String> SHELLS =
            Set.of("bash", "shell", "zsh", "shell-session", "shellsession", "sh-session");

    /** All documents of the repository for people. */
    private static List<Path> documents() {
        try (Stream<Path> files = Stream.concat(
                Stream.of("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md").map(Path::of),
                Stream.of("docs", "conf", "docker", "charts").flatMap(PagesTest::below))) {
            return files.filter(file -> file.toString().endsWith(".md")).toList();
        }
    }

    private static Stream<Path> below(String directory) {
        try {
            return Files.walk(Path.of(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isElsewhere(String link) {
        return link.startsWith("https://") || link.startsWith("http://") || link.startsWith("mailto:");
    }

    private static Path target(Path document, String link) {
        String file = link.replaceFirst("#.*", "");
        return file.isEmpty() ? document : document.resolveSibling(file).normalize();
    }

    @Test
    void everyLinkLeadsToAFileAndAHeadingThatExist() {
        for (Path document : documents()) {
            for (String link : Document.read(document.toString()).links()) {
                if (!isElsewhere(link)) {
                    Path target = target(document, link);
                    assertThat(target).as(document + ": " + link).exists();
                    if (link.contains("#")) {
                        assertThat(anchors(target)).as(document + ": " + link).contains(link.replaceFirst(".*#", ""));
                    }
                }
            }
        }
    }

    @Test
    void everyPageCanBeReachedFromReadme() {
        Set<Path> seen = new HashSet<>(Set.of(README));
        Deque<Path> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            Path document = open.pop();
            Document.read(document.toString()).links().stream()
                    .filter(link -> !isElsewhere(link))
                    .map(link -> target(document, link))
                    .filter(file -> file.toString().endsWith(".md") && Files.exists(file) && seen.add(file))
                    .forEach(open::push);
        }
        assertThat(seen).containsAll(Page.files());
    }

    @Test
    void commandsAreInBlocksThatAreRunOrSaidToBeForOtherMachines() {
        for (Path page : Page.files()) {
            assertThat(FENCE.matcher(Document.read(page.toString()).text()).results())
                    .as(page + ": sh is run, console is not")
                    .noneMatch(fence -> SHELLS.contains(fence.group(1).strip().toLowerCase(Locale.ROOT)));
        }
    }

    @Test
    void pagesNameKeysAndMetricsThatExist() {
        Page.files().forEach(page -> ReadmeTest.requireNames(Document.read(page.toString())));
    }

    @Test
    void pagesNameTestsThatExist() throws IOException {
        Set<String> tests = new HashSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
            sources.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("IT.java") || name.endsWith("Test.java"))
                    .forEach(name -> tests.add(name.replace(".java", "")));
        }
        for (Path page : Page.files()) {
            TEST_NAME
                    .matcher(Document.read(page.toString()).prose())
                    .results()
                    .forEach(
                            name -> assertThat(tests).as(page + " names a test").contains(name.group(1)));
        }
    }

    /** The anchors of the headings, as they are made of their texts. */
    private static Set<String> anchors(Path document) {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> times = new HashMap<>();
        HEADING.matcher(Document.read(document.toString()).prose()).results().forEach(heading -> {
            String words =
                    heading.group(1).replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").toLowerCase(Locale.ROOT);
            String anchor = words.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-');
            int time = times.merge(anchor, 1, Integer::sum);
            anchors.add(time == 1 ? anchor : anchor + "-" + (time - 1));
        });
        return anchors;
    }
}
