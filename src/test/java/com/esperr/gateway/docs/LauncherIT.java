package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docker/esper-gateway}, with a stand-in for java that prints how it was called. */
class LauncherIT {
    private static final List<String> FOR_24 =
            List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");

    @TempDir
    private Path home;

    @BeforeEach
    void aJarAndAJava() throws IOException {
        Files.createFile(home.resolve("esper-gateway.jar"));
        Path java = Files.createDirectories(home.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, """
                #!/bin/sh
                if [ "$1" = -version ]; then echo 'openjdk version "26-ea" 2027-03-17' >&2; exit; fi
                for argument in "$@"; do echo "$argument"; done
                """);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void release(String version) throws IOException {
        Files.writeString(home.resolve("jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private List<String> launched(Map<String, String> environment, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("docker/esper-gateway");
        builder.command().addAll(List.of(arguments));
        builder.environment().remove("JAVA_OPTS");
        builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
        builder.environment().put("GATEWAY_HOME", home.toString());
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        try (InputStream output = process.getInputStream()) {
            List<String> lines = new String(output.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(lines.toString()).isZero();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void passesArgumentsOnAsTheyAre() throws Exception {
        release("17.0.15");
        assertThat(launched(Map.of(), "run", "--origin", "http://a b", ""))
                .endsWith("-jar", home.resolve("esper-gateway.jar").toString(), "run", "--origin", "http://a b", "");
    }

    @Test
    void givesNettyWhatItNeedsFrom24On() throws Exception {
        release("24");
        assertThat(launched(Map.of())).containsAll(FOR_24);
        release("25.0.3");
        assertThat(launched(Map.of())).containsAll(FOR_24);
    }

    @Test
    void keepsAwayFromAnOlderJvmWhatItWouldRefuse() throws Exception {
        release("23.0.2");
        assertThat(launched(Map.of())).doesNotContainAnyElementsOf(FOR_24);
        release("17");
        assertThat(launched(Map.of())).doesNotContainAnyElementsOf(FOR_24);
    }

    @Test
    void asksJavaForItsVersionIfNoFileSaysIt() throws Exception {
        assertThat(launched(Map.of())).containsAll(FOR_24);
    }

    @Test
    void addsTheOptionsOfTheEnvironment() throws Exception {
        release("17");
        assertThat(launched(Map.of("JAVA_OPTS", "-Xmx128m -Dx=y"))).containsSequence("-Xmx128m", "-Dx=y");
    }

    @Test
    void usesNativeLibrariesThatAreUnpacked() throws Exception {
        release("17");
        assertThat(launched(Map.of())).noneMatch(option -> option.startsWith("-Djava.library.path"));
        Files.createDirectory(home.resolve("native"));
        assertThat(launched(Map.of())).contains("-Djava.library.path=" + home.resolve("native"));
    }

    @Test
    void usesTheArchiveOfClassesThatItsJavaUnderstands() throws Exception {
        Path aot = Files.createFile(home.resolve("classes.aot"));
        Path older = Files.createFile(home.resolve("classes.jsa"));
        release("25.0.3");
        assertThat(launched(Map.of()))
                .contains("-XX:AOTCache=" + aot)
                .noneMatch(option -> option.contains("classes.jsa"));
        release("17.0.15");
        assertThat(launched(Map.of()))
                .contains("-XX:SharedArchiveFile=" + older)
                .noneMatch(option -> option.contains("classes.aot"));
        Files.delete(aot);
        Files.delete(older);
        assertThat(launched(Map.of())).noneMatch(option -> option.contains("classes."));
    }
}
