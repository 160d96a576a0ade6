package com.esperr.gateway.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.Shell;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the image has in it, run from a directory: by a user without rights, on a tree that he cannot write to. */
class LayoutIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path directory;

    private static Layout layout;

    @BeforeAll
    static void assemble() throws IOException {
        layout = Layout.in(directory);
    }

    private static GatewayProcess run(TestOrigin origin, String javaOptions) {
        // In its own directory, as in the image.
        String home = layout.home().toString();
        List<String> command = Layout.unprivileged("env", "-C", home, home + "/bin/esper-gateway", "run");
        return GatewayProcess.command(
                command,
                Map.of(
                        "JAVA_HOME",
                        layout.file("runtime").toString(),
                        "JAVA_OPTS",
                        javaOptions,
                        "ESPER_ORIGIN",
                        origin.url(),
                        "ESPER_LISTEN",
                        "127.0.0.1:0",
                        "ESPER_ADMIN_ADDRESS",
                        "127.0.0.1:0"));
    }

    private static boolean healthy(int port, String path) {
        return Shell.run(layout.file("bin/healthcheck") + " " + path + " " + port + " && echo healthy")
                .endsWith("healthy\n");
    }

    @Test
    void servesIsHealthyAndEndsWithZeroWithoutWritingAnything() throws IOException {
        List<String> before = layout.files();
        try (TestOrigin origin = TestOrigin.start();
                GatewayProcess gateway = run(origin, "")) {
            int port = gateway.port();
            assertThat(RawClient.exchange(port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .status())
                    .isEqualTo(200);
            int operators = gateway.adminPort();
            assertThat(healthy(operators, "/healthz")).isTrue();
            assertThat(healthy(operators, "/startupz")).isTrue();
            await().atMost(PATIENCE).until(() -> healthy(operators, "/readyz"));
            assertThat(healthy(operators, "/nowhere")).isFalse();
            assertThat(gateway.terminate().awaitExit()).isZero();
            assertThat(gateway.lines()).noneMatch(line -> line.contains("UnsatisfiedLinkError"));
        }
        assertThat(layout.files()).isEqualTo(before);
    }

    /** Otherwise a start takes twice as long, and nobody would notice. */
    @Test
    void theArchiveOfClassesIsInUse() throws IOException {
        assertThat(Stream.of("classes.aot", "classes.jsa").map(layout::file).filter(Files::exists))
                .as(layout.said())
                .hasSize(1);
        try (TestOrigin origin = TestOrigin.start();
                GatewayProcess gateway = run(origin, "-Xlog:class+load")) {
            gateway.port();
            gateway.awaitLine(line -> line.contains("com.esperr.gateway.Main source: shared objects file"));
            assertThat(gateway.terminate().awaitExit()).isZero();
        }
    }

    @Test
    void saysItsVersionAndHasItsPapers() throws IOException {
        String said = Shell.run(
                "JAVA_HOME=" + layout.file("runtime") + " " + layout.file("bin/esper-gateway") + " --version");
        assertThat(said).containsPattern("esper-gateway \\S+, commit ([0-9a-f]{12}|unknown)\n");
        assertThat(layout.file("LICENSE")).exists();
        assertThat(layout.file("conf/gateway.conf")).exists();
        if (Files.exists(Path.of("target/bom.json"))) {
            String bom = Files.readString(layout.file("sbom.json"));
            try (Stream<Path> libraries = Files.list(layout.file("lib"))) {
                assertThat(libraries.map(
                                library -> library.getFileName().toString().replaceFirst("-\\d.*", "")))
                        .allMatch(name -> bom.contains("\"name\" : \"" + name + "\""));
            }
        } else {
            assertThat(layout.said()).contains("target/bom.json: not there");
        }
    }

    @Test
    void hasNativeLibrariesOfThisPlatformOnly() throws IOException {
        try (Stream<Path> libraries = Files.list(layout.file("lib"))) {
            assertThat(libraries.map(library -> library.getFileName().toString()))
                    .noneMatch(name -> name.matches(".*-(osx|windows)-.*"));
        }
        try (Stream<Path> natives = Files.list(layout.file("native"))) {
            assertThat(natives.map(library -> library.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("libnetty_tcnative_"))
                    .anyMatch(name -> name.startsWith("libnetty_transport_native_epoll_"));
        }
    }
}
