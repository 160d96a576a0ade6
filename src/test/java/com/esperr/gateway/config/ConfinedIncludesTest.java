package com.esperr.gateway.config;

import static com.esperr.gateway.config.Sample.lines;
import static com.esperr.gateway.config.Sample.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfinedIncludesTest {
    private static final String EXPECTED =
            ": refused (expected: a relative file below the directory of the including file)";

    @TempDir
    Path directory;

    private Loaded<String> read(String text) {
        return Sample.readFile(write(directory, "conf/g.conf", text), root -> root.string("mode"));
    }

    private List<String> problems(String text) {
        return lines(read(text), directory);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "include \"sub/m.conf\"",
                "include file(\"sub/m.conf\")",
                "include required(\"sub/m.conf\")",
                "include required(file(\"sub/../sub/m.conf\"))",
                "include \"./sub/m.conf\"",
            })
    void filesBelowTheDirectoryAreIncluded(String statement) {
        write(directory, "conf/sub/m.conf", "mode = cloud");
        assertThat(read(statement).value()).isEqualTo("cloud");
    }

    @Test
    void problemsInAnIncludedFileNameThatFile() {
        write(directory, "conf/sub/m.conf", "\n\nmoed = cloud");
        assertThat(problems("include \"sub/m.conf\""))
                .containsExactly("conf/sub/m.conf:3: moed: unknown key (did you mean mode?)");
        write(directory, "conf/sub/m.conf", "\nmode = {");
        assertThat(problems("include \"sub/m.conf\""))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("conf/sub/m.conf:2: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../secret.conf",
                "sub/../../secret.conf",
                "http://127.0.0.1:1/x.conf",
                "file:///etc/passwd",
                "/proc/self/environ",
                "sub",
                "..",
            })
    void waysOutOfTheDirectoryAreRefused(String target) {
        write(directory, "secret.conf", "mode = stolen");
        write(directory, "conf/sub/m.conf", "");
        assertThat(problems("# include " + target + "\ninclude \"" + target + "\"\nmode = kept"))
                .containsExactly("conf/g.conf:2: include " + target + EXPECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "url(\"http://127.0.0.1:1/x.conf\")",
                "url(\"file:///etc/passwd\")",
                "classpath(\"logback-test.xml\")",
                "required(classpath(\"reference.conf\"))",
                "file(\"/etc/passwd\")",
            })
    void urlsResourcesAndAbsoluteFilesAreRefused(String target) {
        assertThat(problems("include " + target))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("conf/g.conf:1: include ")
                .endsWith(EXPECTED);
    }

    @Test
    void symbolicLinksAreFollowedBeforeTheDirectoryIsCompared() throws IOException {
        Path outside = write(directory, "secret.conf", "mode = stolen");
        Files.createDirectories(directory.resolve("conf"));
        Files.createSymbolicLink(directory.resolve("conf/link.conf"), outside);
        assertThat(problems("include \"link.conf\"")).containsExactly("conf/g.conf:1: include link.conf" + EXPECTED);
    }

    @Test
    void aMountedConfigMapWhoseFilesAreLinksWorks() throws IOException {
        write(directory, "mount/..2026/g.conf", "include \"m.conf\"");
        write(directory, "mount/..2026/m.conf", "mode = cloud");
        Path mount = directory.resolve("mount");
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2026"));
        Files.createSymbolicLink(mount.resolve("g.conf"), Path.of("..data/g.conf"));
        Files.createSymbolicLink(mount.resolve("m.conf"), Path.of("..data/m.conf"));
        assertThat(Sample.readFile(mount.resolve("g.conf"), root -> root.string("mode"))
                        .value())
                .isEqualTo("cloud");
    }

    @Test
    void anIncludedFileIncludesOnlyBelowItsOwnDirectory() {
        write(directory, "conf/top.conf", "mode = cloud");
        write(directory, "conf/sub/m.conf", "include \"../top.conf\"");
        assertThat(problems("include \"sub/m.conf\""))
                .containsExactly("conf/sub/m.conf:1: include ../top.conf" + EXPECTED);
    }

    @Test
    void aMissingIncludeIsAWarningAndARequiredOneAProblem() {
        Loaded<String> loaded = read("\ninclude \"none.conf\"");
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.warnings())
                .hasSize(1)
                .first()
                .asString()
                .contains("conf/g.conf:2: include ")
                .endsWith("none.conf: no such file, nothing included");
        assertThat(problems("include required(\"none.conf\")"))
                .containsExactly("conf/g.conf:1: include conf/none.conf: no such file (expected: an existing file)");
    }

    @Test
    void aCycleOfIncludesEnds() {
        write(directory, "conf/a.conf", "include \"b.conf\"");
        write(directory, "conf/b.conf", "include \"a.conf\"\ninclude \"a.conf\"");
        assertThat(problems("include \"a.conf\"")).isNotEmpty().allMatch(line -> line.endsWith(EXPECTED));
    }

    @Test
    void filesReadByThemselvesIncludeNothing() {
        write(directory, "conf/sub/m.conf", "mode = cloud");
        Path file = write(directory, "conf/policy.conf", "include \"sub/m.conf\"\nname = a");
        assertThat(lines(Configurations.readFile(file, root -> root.string("name")), directory))
                .containsExactly("conf/policy.conf:1: include sub/m.conf: refused (expected: a file without includes)");
    }
}
