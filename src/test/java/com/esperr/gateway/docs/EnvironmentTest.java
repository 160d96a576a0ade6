package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.config.Alias;
import com.esperr.gateway.config.KeyCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    private static final Pattern VARIABLE = Pattern.compile("\\bESPER_[A-Z_]*[A-Z]\\b");
    private static final KeyCatalogue KEYS = KeyCatalogue.ofReference();

    private static Set<String> known() {
        Set<String> names = KEYS.entries().stream()
                .map(KeyCatalogue.Entry::environmentName)
                .collect(Collectors.toCollection(TreeSet::new));
        GatewayConfig.aliases().stream().map(Alias::name).forEach(names::add);
        return names;
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Stream.of("README.md", "docs", "conf", "docker", "charts")
                .map(Path::of)
                .flatMap(EnvironmentTest::below)
                .filter(EnvironmentTest::isAboutTheGateway)) {
            return files.toList();
        }
    }

    /** Handlers on platforms have variables of their own, and pictures have none. */
    private static boolean isAboutTheGateway(Path file) {
        return !file.startsWith("docs") || file.toString().endsWith(".md") && !file.startsWith("docs/platforms");
    }

    private static Stream<Path> below(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new AssertionError(path.toString(), e);
        }
    }

    @Test
    void everyVariableThatIsNamedSomewhereIsRead() throws IOException {
        Set<String> known = known();
        for (Path file : documents()) {
            List<String> named = VARIABLE.matcher(Files.readString(file))
                    .results()
                    .map(MatchResult::group)
                    .toList();
            assertThat(known).as(file.toString()).containsAll(named);
        }
    }

    @Test
    void noVariableSetsTwoKeys() {
        assertThat(KEYS.collisions(GatewayConfig.aliases())).isEmpty();
    }

    @Test
    void thePageListsEveryShortName() {
        List<String> listed = Document.read("docs/configuration.md").table("Variable", "Key").stream()
                .map(row -> Document.code(row.get(0)))
                .toList();
        List<String> shortNames = GatewayConfig.aliases().stream()
                .map(Alias::name)
                .filter(name -> !name.startsWith("-"))
                .toList();
        assertThat(listed).containsAll(shortNames);
    }
}
