package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program that {@code exec} runs is given, and what becomes of its exit code. */
class ExecProgramIT {
    private static final List<String> WORDS = List.of(
            "a b",
            "",
            "\"quoted\"",
            "it's",
            "$HOME",
            "`id`",
            "*",
            "\\n",
            "@file",
            "--help",
            "--",
            "é ✓ 𝄞",
            " trailing ");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"C.UTF-8", "C"})
    void argumentsArriveByteForByteWhateverTheLocale(String locale) {
        List<String> program = new ArrayList<>(List.of("printf", "[%s]\\n"));
        program.addAll(WORDS);
        try (ExecScene scene = ExecScene.setting().variable("LC_ALL", locale).run(program)) {
            assertThat(scene.awaitExit()).isZero();
            assertThat(scene.gateway().lines())
                    .containsSubsequence(
                            WORDS.stream().map(word -> "[" + word + "]").toList());
        }
    }

    @Test
    void anArgumentThatIsNoTextArrivesAsWell() throws Exception {
        Path script = Files.writeString(
                directory.resolve("call"), "exec \"$@\" -- printf '[%s]\\n' \"$(printf 'a\\377b')\"\n");
        Ended ended = start(List.of("sh", script.toString()), List.of(), "");
        assertThat(ended.out()).contains("[a\ufffdb]");
        assertThat(ended.code()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exit 0 | 0",
                "exit 3 | 3",
                "exit 255 | 255",
                "kill -KILL $$ | 137",
                "kill -TERM $$ | 143",
                "kill -SEGV $$ | 139"
            })
    void theExitCodeIsTheApplications(String script, int code) {
        try (ExecScene scene = ExecScene.setting().run("sh", "-c", script)) {
            assertThat(scene.awaitExit()).isEqualTo(code);
        }
    }

    @Test
    void aProgramThatIsNotThereIs127AndOneThatCannotBeExecuted126() throws IOException {
        Path plain = Files.writeString(directory.resolve("plain"), "text");
        try (ExecScene absent =
                        ExecScene.setting().run(directory.resolve("absent").toString());
                ExecScene unfit = ExecScene.setting().run(plain.toString())) {
            assertThat(absent.awaitExit()).isEqualTo(127);
            assertThat(unfit.awaitExit()).isEqualTo(126);
            assertThat(absent.said("absent")).isTrue();
        }
    }

    @Test
    void standardStreamsAreTheApplications() throws Exception {
        Ended ended = start(
                List.of(),
                List.of("--", "sh", "-c", "read line; echo \"out $line\"; echo \"err $line\" >&2; cat"),
                "first\nsecond");
        assertThat(ended.out()).contains("out first\nsecond").doesNotContain("err first");
        assertThat(ended.err()).contains("err first").doesNotContain("out first");
        assertThat(ended.code()).isZero();
    }

    @Test
    void withoutAProgramItSaysWhatIsExpected() throws Exception {
        Ended none = start(List.of(), List.of(), "");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("COMMAND: missing (expected: esper-gateway exec -- COMMAND ARGUMENTS");
        Ended origin = start(List.of(), List.of("--origin", "http://127.0.0.1:1", "--", "true"), "");
        assertThat(origin.code()).isEqualTo(2);
        assertThat(origin.err()).contains("--origin: http://127.0.0.1:1 (expected: nothing");
    }

    @Test
    void aWrongConfigurationRunsNothing() {
        try (ExecScene scene = ExecScene.setting().set("exec.port", "-1").run("sh", "-c", "echo ran")) {
            assertThat(scene.awaitExit()).isEqualTo(2);
            assertThat(scene.said("exec.port: -1 (expected: 0..65535)")).isTrue();
            assertThat(scene.said("ran")).isFalse();
        }
    }

    private record Ended(int code, String out, String err) {}

    private Ended start(List<String> before, List<String> after, String input) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                System.getProperty("gateway.jar", "target/esper-gateway.jar"),
                "exec",
                "--listen",
                "127.0.0.1:0",
                "--set",
                "admin.address="));
        command.addAll(after);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8"));
        Process process = builder.start();
        try (OutputStream to = process.getOutputStream()) {
            to.write(input.getBytes(StandardCharsets.UTF_8));
        }
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), text(out), text(err));
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
