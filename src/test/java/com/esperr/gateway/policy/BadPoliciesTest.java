package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of the corpus says in its first lines what is wrong with it: all of it, and nothing else. */
class BadPoliciesTest {
    private static final Path CORPUS = Path.of("src", "test", "resources", "config", "bad", "policies");
    private static final String EXPECT = "# expect: ";

    @ParameterizedTest
    @MethodSource("files")
    void saysWhatIsWrong(Path file) throws IOException {
        List<String> expected = Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(EXPECT))
                .map(line -> line.substring(EXPECT.length()))
                .toList();
        LoadedPolicies loaded = PolicyLoader.load(List.of(file));
        assertThat(loaded.problems().stream()
                        .map(Problem::toString)
                        .map(line -> line.replace(CORPUS + "/", ""))
                        .toList())
                .isEqualTo(expected)
                .isNotEmpty();
        assertThat(loaded.policies()).isSameAs(PolicySet.EMPTY);
    }

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.sorted().toList().stream();
        }
    }
}
