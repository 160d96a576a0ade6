package com.esperr.gateway.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The packaged gateway as an operator starts it: {@code java -jar} in a process of its own, its output captured, its cost measured.
 * Thread-safe; closing always ends the process.
 */
public final class GatewayProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

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

    /** Resident memory in bytes. */
    public long residentBytes() {
        return child.residentBytes();
    }

    /** User and system time so far, in clock ticks of a hundredth of a second. */
    public long cpuTicks() {
        return child.cpuTicks();
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
