package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** {@code exec} by the launcher, which stays in between where there is bash, and as process 1 of a container. */
class ExecLauncherIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> EXEC =
            List.of("exec", "--listen", "127.0.0.1:0", "--set", "admin.address=", "--");
    /** Leaves orphans behind and says when none of them is a zombie any more. */
    private static final String ORPHANS = """
            for i in 1 2 3; do sh -c 'sleep 0.1 & exit 0'; done
            echo "parent $PPID"
            until [ "$(cat /proc/[0-9]*/stat 2>/dev/null | grep -c '^[0-9]* (sleep)')" = 0 ]; do sleep 0.1; done
            echo 'no zombies'
            exit 5
            """;

    private static final String STARTER = "const [program, ...words] = process.argv.slice(1);"
            + "const child = require('child_process').spawn(program, words, { stdio: 'inherit' });"
            + "console.log('launcher ' + child.pid); child.on('exit', code => process.exit(code));";

    @TempDir
    private Path directory;

    private Process process;

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    private void start(List<String> before, List<String> program) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(EXEC);
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ESPER_") || name.equals("PORT"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        process = builder.start();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    private void awaitOutput(String part) {
        await().atMost(PATIENCE).until(() -> output().contains(part) || !process.isAlive());
        assertThat(directory.resolve("output")).content().contains(part);
    }

    private int exit() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static void signal(long pid, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-s", name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static List<String> launcher() {
        return List.of("docker/esper-gateway");
    }

    @Test
    void quitReachesTheApplicationByTheLauncher() throws Exception {
        Peers.require("bash");
        String application =
                Path.of("src/test/resources/node/exec-app.mjs").toAbsolutePath().toString();
        String node = Peers.require("node").toString();
        // What a JVM starts inherits that QUIT is blocked, and this test is one; what Node.js starts does not.
        start(List.of(node, "-e", STARTER, "docker/esper-gateway"), List.of(node, application));
        awaitOutput("the application is ready");
        awaitOutput("launcher ");
        long launcher = Long.parseLong(output().replaceFirst("(?s).*?launcher (\\d+)\n.*", "$1"));
        for (String name : List.of("QUIT", "HUP", "USR1", "USR2", "WINCH")) {
            signal(launcher, name);
            awaitOutput("app got SIG" + name);
        }
        assertThat(output()).doesNotContain("Full thread dump");
        signal(launcher, "TERM");
        assertThat(exit()).isZero();
        assertThat(output()).contains("app got SIGTERM");
    }

    @Test
    void theExitCodeComesThroughTheLauncher() throws Exception {
        start(launcher(), List.of("sh", "-c", "kill -KILL $$"));
        assertThat(exit()).isEqualTo(137);
    }

    @Test
    void signalsAreNotIgnoredByWhatTheLauncherStarts() throws Exception {
        start(launcher(), List.of("grep", "SigIgn", "/proc/self/status"));
        assertThat(exit()).isZero();
        // Neither HUP, INT, QUIT, USR1, USR2 nor TERM: bits 1, 2, 3, 10, 12 and 15; but what whoever runs this ignores,
        // nohup for one.
        long ignored = ignored(output()) & ~ignored(Files.readString(Path.of("/proc/self/status")));
        assertThat(ignored & 0x4A07).isZero();
    }

    private static long ignored(String status) {
        String mask = status.lines()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        return Long.parseUnsignedLong(mask.substring("SigIgn:".length()).strip(), 16);
    }

    @Test
    void asProcessOneTheJvmWaitsForOrphans() throws Exception {
        start(
                unshared(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        System.getProperty("gateway.jar", "target/esper-gateway.jar")),
                List.of("sh", "-c", ORPHANS));
        assertThat(exit()).as(output()).isEqualTo(5);
        assertThat(output()).contains("parent 1", "no zombies");
    }

    @Test
    void asProcessOneTheLauncherWaitsForOrphans() throws Exception {
        Peers.require("bash");
        start(unshared("docker/esper-gateway"), List.of("sh", "-c", ORPHANS));
        assertThat(exit()).as(output()).isEqualTo(5);
        assertThat(output()).contains("no zombies").doesNotContain("parent 1\n");
    }

    /** In a world of processes of its own, where the machine allows it. */
    private static List<String> unshared(String... command) throws Exception {
        List<String> unshare =
                List.of(Peers.require("unshare").toString(), "--pid", "--fork", "--kill-child", "--mount-proc");
        List<String> probe = new ArrayList<>(unshare);
        probe.add("true");
        if (new ProcessBuilder(probe)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                != 0) {
            throw new TestAbortedException("unshare: not allowed here");
        }
        List<String> all = new ArrayList<>(unshare);
        all.addAll(List.of(command));
        return all;
    }
}
