package com.esperr.gateway.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.Peers;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.Shell;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package that the build has made: what is in it, what its scripts are, and that it runs from where it is unpacked. */
class DebianPackageIT {
    private static final Path PACKAGE = Path.of("target/esper-gateway.deb");
    private static final String HOME = "usr/share/esper-gateway/";

    @TempDir
    private static Path directory;

    private static Path root;
    private static Path control;
    private static List<String> contents;

    @BeforeAll
    static void unpack() throws IOException {
        Peers.require("dpkg-deb");
        assertThat(PACKAGE).exists();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        root = directory.resolve("root");
        control = directory.resolve("control");
        assertThat(Shell.run("dpkg-deb -x " + PACKAGE + " " + root + " && dpkg-deb -e " + PACKAGE + " " + control))
                .isEmpty();
        contents = Shell.run("TZ=UTC dpkg-deb -c " + PACKAGE).lines().toList();
    }

    @Test
    void saysWhatItNeeds() throws IOException {
        String text = Files.readString(control.resolve("control"));
        assertThat(text)
                .contains("Package: esper-gateway\n", "Architecture: all\n", "java17-runtime-headless", "adduser")
                .containsPattern("Version: \\d+\\.\\d+\\.\\d+(~SNAPSHOT)?\n");
    }

    @Test
    void keepsWhatAnOperatorChanges() throws IOException {
        List<String> kept = Files.readAllLines(control.resolve("conffiles"));
        assertThat(kept)
                .isNotEmpty()
                .allSatisfy(file -> assertThat(root.resolve(file.substring(1))).exists());
        assertThat(contents.stream()
                        .filter(line -> line.contains(" ./etc/") && line.startsWith("-"))
                        .map(line -> line.replaceFirst(".* \\.", "")))
                .containsExactlyInAnyOrderElementsOf(kept);
    }

    @Test
    void bringsTheManualThatItsReadmeLinks() throws IOException {
        Path installed = root.resolve("usr/share/doc/esper-gateway");
        assertThat(installed.resolve("README.md")).hasSameTextualContentAs(Path.of("README.md"));
        try (Stream<Path> pages = Files.walk(Path.of("docs"))) {
            assertThat(pages.filter(Files::isRegularFile).toList())
                    .isNotEmpty()
                    .allSatisfy(page -> assertThat(installed.resolve(page)).hasSameBinaryContentAs(page));
        }
    }

    @Test
    void everythingIsRootsAndNobodyElseMayWriteIt() {
        assertThat(contents).hasSizeGreaterThan(100).allMatch(line -> line.contains(" root/root "));
        assertThat(contents).noneMatch(line -> line.matches("[-d].{4}w.*|[-d].{7}w.*"));
        assertThat(contents.stream()
                        .filter(line -> line.contains("etc/default/"))
                        .skip(1))
                .allMatch(line -> line.startsWith("-rw-r-----"));
    }

    @Test
    void twoBuildsOfACommitHaveTheSameTimes() {
        assertThat(contents.stream().map(line -> line.replaceFirst(".*?(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d).*", "$1")))
                .containsOnly("2026-11-21 00:00");
    }

    @Test
    void itsScriptsAreScriptsAndRefuseWhatTheyDoNotKnow() {
        for (String script : List.of("postinst", "prerm", "postrm")) {
            Path file = control.resolve(script);
            assertThat(file).isExecutable();
            assertThat(Shell.run("sh -n " + file)).as(script).isEmpty();
            assertThat(Shell.run(file + " nonsense; echo $?")).endsWith("1\n").contains("nonsense (expected: ");
        }
        assertThat(Shell.run(control.resolve("postrm") + " upgrade && echo fine"))
                .isEqualTo("fine\n");
    }

    @Test
    void theCommandOnThePathIsTheLauncherAndTakesTheConfigurationThatComesAlong() throws IOException {
        assertThat(Files.readSymbolicLink(root.resolve("usr/bin/esper-gateway")).toString())
                .isIn("/" + HOME + "bin/esper-gateway", "../share/esper-gateway/bin/esper-gateway");
        String said =
                Shell.run(java() + launcher() + " check --config " + root.resolve("etc/esper-gateway/gateway.conf")
                        + " --set policies.path=" + root.resolve("etc/esper-gateway/policies"));
        assertThat(said)
                .contains("ok: mode local, listening on 127.0.0.1:8080, ")
                .doesNotContain("0 policies");
    }

    @Test
    void runsFromWhereItIsUnpacked() {
        try (TestOrigin origin = TestOrigin.start();
                GatewayProcess gateway = GatewayProcess.command(
                        Layout.unprivileged("env", "-C", root.toString(), launcher(), "run"),
                        Map.of(
                                "JAVA_HOME",
                                System.getProperty("java.home"),
                                "ESPER_ORIGIN",
                                origin.url(),
                                "ESPER_LISTEN",
                                "127.0.0.1:0",
                                "ESPER_ADMIN_ADDRESS",
                                "127.0.0.1:0"))) {
            assertThat(RawClient.exchange(gateway.port(), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .status())
                    .isEqualTo(200);
            assertThat(gateway.terminate().awaitExit()).isZero();
        }
    }

    private static String launcher() {
        return root.resolve(HOME + "bin/esper-gateway").toString();
    }

    private static String java() {
        return "JAVA_HOME='" + System.getProperty("java.home") + "' ";
    }
}
