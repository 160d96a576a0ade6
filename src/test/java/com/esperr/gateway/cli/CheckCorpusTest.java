package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code check} on the corpus: every bad file says in its first lines what is wrong with it, all of it and nothing else. */
class CheckCorpusTest {
    private static final Path BAD = Path.of("src", "test", "resources", "config", "bad");
    private static final Path GOOD = Path.of("src", "test", "resources", "config", "good");
    private static final String EXPECT = "# expect: ";
    private static final Pattern LINE = Pattern.compile("\\S+?: ([a-z-]+)(?:[.\\[].*)?: .* \\(.*\\)");

    static List<Path> bad() throws IOException {
        return files(BAD);
    }

    static List<Path> good() throws IOException {
        return files(GOOD);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static List<String> expected(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(EXPECT))
                .map(line -> line.substring(EXPECT.length()))
                .toList();
    }

    /** Without the directory. */
    private static String stable(String line) {
        return line.replace(BAD + "/", "");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void saysWhatIsWrongAndAnswersTwo(Path file) throws IOException {
        Ran ran = Ran.command("check", "--config", file.toString());
        assertThat(ran.err().stream().map(CheckCorpusTest::stable))
                .isEqualTo(expected(file))
                .isNotEmpty();
        assertThat(ran.out()).isEmpty();
        assertThat(ran.code()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("good")
    void saysOkAndAnswersZero(Path file) {
        Ran ran = Ran.command("check", "--config", file.toString());
        assertThat(ran.err()).allMatch(line -> line.equals("warning: " + Banner.NO_POLICIES));
        assertThat(ran.out()).singleElement().asString().startsWith("ok: mode ");
        assertThat(ran.code()).isZero();
    }

    @Test
    void coversEverySectionOfTheReference() throws IOException {
        Set<String> covered = new TreeSet<>();
        for (Path file : bad()) {
            for (String line : expected(file)) {
                Matcher matcher = LINE.matcher(line);
                if (matcher.matches()) {
                    covered.add(matcher.group(1));
                }
            }
        }
        assertThat(covered)
                .containsAll(
                        ConfigFactory.parseResources("reference.conf").root().keySet());
        assertThat(bad()).hasSizeGreaterThanOrEqualTo(34);
        assertThat(good()).hasSizeGreaterThanOrEqualTo(8);
    }
}
