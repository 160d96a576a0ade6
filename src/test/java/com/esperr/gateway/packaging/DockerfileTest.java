package com.esperr.gateway.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.cli.GatewayCommand;
import com.esperr.gateway.packaging.Dockerfile.Instruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each instruction of {@code docker/Dockerfile} against what it names. */
class DockerfileTest {
    private static final Set<String> KNOWN = Set.of(
            "FROM",
            "ARG",
            "WORKDIR",
            "COPY",
            "RUN",
            "LABEL",
            "USER",
            "ENV",
            "EXPOSE",
            "HEALTHCHECK",
            "STOPSIGNAL",
            "ENTRYPOINT",
            "CMD");
    private static final String HOME = "/opt/esper-gateway";
    private static final Dockerfile FILE = Dockerfile.read(Path.of("docker/Dockerfile"));
    private static final int BUILD = 0;
    private static final int IMAGE = FILE.lastStage();

    private static Instruction only(String name) {
        assertThat(FILE.in(IMAGE, name)).as(name).hasSize(1);
        return FILE.in(IMAGE, name).get(0);
    }

    @Test
    void hasNoInstructionThatIsNotKnown() {
        assertThat(FILE.instructions()).extracting(Instruction::name).isSubsetOf(KNOWN);
    }

    @Test
    void buildsOnImagesOfAVersionInTwoStages() {
        assertThat(IMAGE).isEqualTo(1);
        for (int stage : new int[] {BUILD, IMAGE}) {
            assertThat(FILE.in(stage, "FROM").get(0).words().get(0)).matches("[a-z/.-]+:(?!latest)[\\w.-]+");
        }
        assertThat(FILE.in(BUILD, "FROM").get(0).arguments())
                .contains("temurin-25")
                .endsWith(" AS build");
    }

    @Test
    void copiesWhatIsThereAndNotKeptOutOfTheContext() throws IOException {
        List<String> let = Files.readAllLines(Path.of(".dockerignore"));
        for (Instruction copy : FILE.in(BUILD, "COPY")) {
            List<String> words = copy.words();
            words.subList(0, words.size() - 1).forEach(source -> {
                assertThat(Path.of(source)).exists();
                assertThat(let).contains("!" + source);
            });
        }
        assertThat(FILE.in(IMAGE, "COPY"))
                .singleElement()
                .extracting(Instruction::arguments)
                .isEqualTo("--from=build /opt/assembled " + HOME);
    }

    @Test
    void makesTheArchiveOfClassesInTheImageBecauseItCountsThereOnly() {
        assertThat(FILE.in(BUILD, "RUN"))
                .anyMatch(run -> run.arguments().startsWith("docker/assemble.sh /opt/assembled " + HOME + " "));
        assertThat(FILE.in(IMAGE, "RUN").get(0).arguments()).isEqualTo(HOME + "/bin/archive.sh");
        assertThat(Path.of("docker/assemble.sh")).isExecutable();
    }

    /** The package needs files that are not copied, and the image has no use for it. */
    @Test
    void buildsNeitherTestsNorThePackage() {
        assertThat(FILE.in(BUILD, "RUN").get(0).arguments())
                .contains("-Dmaven.test.skip=true", "-Djdeb.skip=true")
                .endsWith(" package");
    }

    @Test
    void runsAsAUserWithANumberWhoOwnsNothingButTheDataDirectory() {
        assertThat(only("USER").arguments()).matches("[1-9]\\d{3,}:[1-9]\\d{3,}");
        assertThat(FILE.in(IMAGE, "RUN").get(1).arguments())
                .endsWith("chown " + only("USER").arguments() + " " + HOME + "/data");
        List<String> names = FILE.instructions().stream()
                .filter(instruction -> instruction.stage() == IMAGE)
                .map(Instruction::name)
                .toList();
        assertThat(names.indexOf("USER")).isGreaterThan(names.lastIndexOf("RUN"));
    }

    @Test
    void startsTheLauncherWithoutAShellBetweenAndWithACommandThereIs() {
        assertThat(only("ENTRYPOINT").isExec()).isTrue();
        assertThat(only("ENTRYPOINT").exec()).containsExactly(HOME + "/bin/esper-gateway");
        assertThat(Path.of("docker/esper-gateway")).isExecutable();
        assertThat(only("CMD").isExec()).isTrue();
        assertThat(GatewayCommand.execute(only("CMD").exec().get(0), "--help")).isZero();
        assertThat(only("STOPSIGNAL").arguments()).isEqualTo("SIGTERM");
    }

    @Test
    void asksForItsHealthWithAProgramThatIsThere() throws IOException {
        assertThat(only("HEALTHCHECK").arguments())
                .endsWith(" CMD [\"" + HOME + "/bin/healthcheck\"]")
                .contains("--interval=", "--timeout=", "--start-period=", "--retries=");
        assertThat(Path.of("docker/healthcheck")).isExecutable();
        assertThat(Files.readString(Path.of("docker/assemble.sh"))).contains("\"$root/docker/healthcheck\"");
    }

    @Test
    void exposesThePortsThatItsEnvironmentSets() {
        String environment = only("ENV").arguments();
        assertThat(only("EXPOSE").words()).containsExactly("8080", "9901");
        assertThat(environment)
                .contains("PORT=8080", "ESPER_ADMIN_ADDRESS=0.0.0.0:9901", "JAVA_HOME=" + HOME + "/runtime");
        assertThat(only("WORKDIR").arguments()).isEqualTo(HOME);
    }

    @Test
    void saysWhatItIs() throws IOException {
        String version = Files.readString(Path.of("pom.xml")).replaceFirst("(?s).*?<version>([\\d.]+).*", "$1");
        assertThat(FILE.in(IMAGE, "LABEL"))
                .extracting(Instruction::arguments)
                .allMatch(label -> label.matches("org\\.opencontainers\\.image\\.[a-z.]+=\"[^\"]+\""))
                .contains("org.opencontainers.image.version=\"" + version + "\"")
                .anyMatch(label -> label.contains(".revision=\"$COMMIT\""))
                .anyMatch(label -> label.contains(".licenses=\"Apache-2.0\""));
    }
}
