package com.esperr.gateway.config;

import static com.esperr.gateway.config.Sample.lines;
import static com.esperr.gateway.config.Sample.readFile;
import static com.esperr.gateway.config.Sample.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoconTest {
    @TempDir
    Path directory;

    private List<String> problems(Path file) {
        return lines(readFile(file, root -> root.string("mode")), directory);
    }

    @Test
    void aMissingFileIsAProblemWithItsPath() {
        assertThat(problems(directory.resolve("none.conf")))
                .containsExactly("none.conf: no such file (expected: a readable HOCON file)");
    }

    @Test
    void aDirectoryIsAProblem() throws IOException {
        assertThat(problems(Files.createDirectory(directory.resolve("d"))))
                .containsExactly("d: is a directory (expected: a readable HOCON file)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a = {", "a = [1, 2", "a = \"x", "a : : b", "= 1", "a { b } }", "a = ${", "a = b\u0000 = c ]"})
    void aSyntaxErrorIsAProblemWithItsLine(String text) {
        assertThat(problems(write(directory, "g.conf", "mode = x\n\n" + text)))
                .hasSize(1)
                .first()
                .asString()
                .matches("g\\.conf:3: .+ \\(expected: HOCON\\)");
    }

    @Test
    void theOtherLayersAreReadInSpiteOfASyntaxError() {
        Path file = write(directory, "g.conf", "mode = {");
        ConfigSource source =
                ConfigSource.load(file, Map.of(), Map.of("listen.backlog", "3")).withReference(Sample.reference());
        assertThat(lines(
                        Configurations.read(
                                source, root -> root.section("listen").integer("backlog", 1, 2)),
                        directory))
                .hasSize(2)
                .last()
                .isEqualTo("option listen.backlog: listen.backlog: 3 (expected: 1..2)");
    }

    @Test
    void aDefaultThatWillNotDoIsNotNewsWhenTheFileCouldNotBeRead() {
        Path file = write(directory, "g.conf", "mode = {");
        assertThat(lines(readFile(file, root -> root.section("listen").integer("backlog", 1, 2)), directory))
                .singleElement()
                .asString()
                .startsWith("g.conf:1: ");
    }

    @Test
    void whatIsNotUtf8IsAProblem() throws IOException {
        Path file = Files.write(directory.resolve("g.conf"), new byte[] {'a', '=', (byte) 0xff});
        assertThat(problems(file)).containsExactly("g.conf: not UTF-8 (expected: a text in UTF-8)");
    }

    @Test
    void aByteOrderMarkIsNotPartOfTheFirstKey() {
        assertThat(problems(write(directory, "g.conf", "\uFEFFmode = x"))).isEmpty();
    }

    @Test
    void aHugeFileIsRefusedBeforeItIsParsed() throws IOException {
        Path file = Files.write(directory.resolve("g.conf"), new byte[Hocon.MAX_BYTES + 1]);
        assertThat(problems(file)).containsExactly("g.conf: too large (expected: at most 4 MiB)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{ a : ", "a."})
    void deepNestingIsAProblemAndNotACrash(String unit) {
        assertThat(problems(write(directory, "g.conf", "a = " + unit.repeat(200_000))))
                .isNotEmpty();
    }

    @Test
    void aFileByItselfReportsOnlyThatItIsUnreadable() {
        assertThat(lines(
                        Configurations.readFile(directory.resolve("p.conf"), root -> root.required("name", "a name")),
                        directory))
                .containsExactly("p.conf: no such file (expected: a readable HOCON file)");
    }

    @Test
    void aFileByItselfKnowsTheKeysThatWereRead() {
        Path file = write(directory, "p.conf", "name = a\npolices = []\npolicies = [{ mode = x, moed = y }]");
        assertThat(lines(
                        Configurations.readFile(file, root -> {
                            root.sections("policies").forEach(policy -> policy.string("mode"));
                            return root.string("name");
                        }),
                        directory))
                .containsExactly(
                        "p.conf:2: polices: unknown key (did you mean policies?)",
                        "p.conf:3: policies[0].moed: unknown key (did you mean policies[0].mode?)");
    }

    @Test
    void anEmptyFileByItselfLacksItsKeys() {
        Path file = write(directory, "p.conf", "");
        assertThat(lines(Configurations.readFile(file, root -> root.required("name", "a name")), directory))
                .containsExactly("p.conf: name: missing (expected: a name)");
    }
}
