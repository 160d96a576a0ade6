package com.esperr.gateway.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packaged gateway as an operator starts it: {@code java -jar} in a process of its own, its output captured, its cost measured.
 * Thread-safe; closing always ends the process.
 */
public final class GatewayProcess implements AutoCloseable {

    private static final Duration PATIENCE = Patience.LIMIT;
    private static final Pattern STARTED = Pattern.compile("listening on \\S+:(\\d+)[, ].*operator port (\\d+)");

    private final ChildProcess child;

    private GatewayProcess(ChildProcess child) {
        this.child = child;
    }

    /** Starts the jar that the system property {@code gateway.jar} names with these arguments, for instance {@code run --origin …}. */
    public static GatewayProcess start(String... arguments) {
        return start(List.of(), Map.of(), arguments);
    }

    /** Starts the jar with these options of the virtual machine, such as {@code -Xmx128m}, and this added environment. */
    public static GatewayProcess start(List<String> jvmOptions, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("-jar");
        command.add(jar().toString());
        command.addAll(List.of(arguments));
        return command(command, environment);
    }

    /** Starts it by a command of the caller's own, such as the launcher, with this added environment. */
    public static GatewayProcess command(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        // What the shell of a developer exports must not decide a test.
        builder.environment().keySet().removeIf(name -> name.startsWith("ESPER_") || name.equals("PORT"));
        builder.environment().putAll(environment);
        return new GatewayProcess(ChildProcess.start(builder));
    }

    public long pid() {
        return child.pid();
    }

    public boolean isAlive() {
        return child.isAlive();
    }

    /** Everything printed so far, on either stream. */
    public List<String> lines() {
        return child.lines();
    }

    /** Waits for the first line, old or new, that fits. */
    public String awaitLine(Predicate<String> wanted) {
        return child.awaitLine(wanted, PATIENCE);
    }

    /** The port that visitors connect to; waits until the gateway says it. */
    public int port() {
        return started(1);
    }

    /** The operator port; waits until the gateway says it. */
    public int adminPort() {
        return started(2);
    }

    private int started(int group) {
        Matcher ports = STARTED.matcher(awaitLine(line -> STARTED.matcher(line).find()));
        if (!ports.find()) {
            throw new AssertionError("unreachable");
        }
        return Integer.parseInt(ports.group(group));
    }

    /** All metrics as they are now. */
    public MetricsSnapshot metrics() {
        return MetricsSnapshot.of(RawClient.exchange(adminPort(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText());
    }

    /** The status of the readiness check. */
    public int readiness() {
        return readyz().status();
    }

    /** The answer of /readyz, which says what is missing. */
    public RawResponse readyz() {
        return RawClient.exchange(adminPort(), "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    /** How many lines printed so far fit. */
    public long count(Predicate<String> wanted) {
        return lines().stream().filter(wanted).count();
    }

    /** Highest resident memory so far in bytes. */
    public long peakResidentBytes() {
        return child.peakResidentBytes();
    }

    /** How many files and connections the process may have open. */
    public long maxOpenFiles() {
        return child.maxOpenFiles();
    }

    /** Resident memory in bytes. */
    public long residentBytes() {
        return child.residentBytes();
    }

    /** User and system time so far, in clock ticks of a hundredth of a second. */
    public long cpuTicks() {
        return child.cpuTicks();
    }

    /** Sends SIGINT, as Ctrl-C does. */
    public GatewayProcess interrupt() {
        child.interrupt();
        return this;
    }

    /** Sends SIGHUP. */
    public GatewayProcess hangUp() {
        child.signal("HUP");
        return this;
    }

    /** Ends it as a crash would (SIGKILL), and waits for the end. */
    public void kill() {
        child.kill();
    }

    /** Sends SIGTERM. */
    public GatewayProcess terminate() {
        child.terminate();
        return this;
    }

    /** Waits for the end and returns the exit code. */
    public int awaitExit() {
        return child.awaitExit(PATIENCE);
    }

    @Override
    public void close() {
        child.close();
    }

    private static Path jar() {
        String name = System.getProperty("gateway.jar", "target/esper-gateway.jar");
        Path jar = Path.of(name);
        if (!Files.isRegularFile(jar)) {
            throw new AssertionError("gateway.jar: " + jar.toAbsolutePath() + " (expected: the packaged jar)");
        }
        return jar;
    }
}
