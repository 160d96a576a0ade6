package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A program of the test resources that Node.js runs with a package of npm's; without {@code node} and {@code npm} the test fails or is
 * aborted as {@link Peers} says. Packages are installed once, below {@code target}. Thread-safe.
 */
public final class NodeProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final ChildProcess child;

    private NodeProgram(ChildProcess child) {
        this.child = child;
    }

    /** Starts {@code /node/SCRIPT} of the test resources, which finds {@code npmPackage}, such as {@code ws@8.23.0}. */
    public static NodeProgram start(String npmPackage, String script, String... arguments) {
        Path node = Peers.require("node");
        Path npm = Peers.require("npm");
        try {
            Path directory = installed(npm, npmPackage);
            Path program = directory.resolve(script);
            try (InputStream source = NodeProgram.class.getResourceAsStream("/node/" + script)) {
                if (source == null) {
                    throw new IOException("/node/" + script + ": no such test resource");
                }
                Files.copy(source, program, StandardCopyOption.REPLACE_EXISTING);
            }
            List<String> command = new ArrayList<>(List.of(node.toString(), program.toString()));
            command.addAll(List.of(arguments));
            return new NodeProgram(ChildProcess.start(new ProcessBuilder(command).directory(directory.toFile())));
        } catch (IOException e) {
            throw new UncheckedIOException("node " + script, e);
        }
    }

    private static synchronized Path installed(Path npm, String npmPackage) throws IOException {
        Path directory = Path.of("target", "npm", npmPackage.replaceAll("[^a-z0-9.]", "-"))
                .toAbsolutePath();
        if (Files.notExists(directory.resolve("node_modules"))) {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("package.json"), "{\"private\":true}\n");
            ProcessBuilder install = new ProcessBuilder(
                            npm.toString(), "install", "--no-audit", "--no-fund", "--ignore-scripts", npmPackage)
                    .directory(directory.toFile());
            try (ChildProcess child = ChildProcess.start(install)) {
                int status = child.awaitExit(PATIENCE);
                if (status != 0) {
                    throw new IOException("npm install " + npmPackage + ": status " + status + ", " + child.lines());
                }
            }
        }
        return directory;
    }

    /** Waits for the first line, old or new, that fits. */
    public String awaitLine(Predicate<String> wanted) {
        return child.awaitLine(wanted, PATIENCE);
    }

    /** Waits for its end and returns everything that it printed. */
    public List<String> awaitEnd() {
        int status = child.awaitExit(PATIENCE);
        if (status != 0) {
            throw new AssertionError("node ended with " + status + ": " + child.lines());
        }
        return child.lines();
    }

    @Override
    public void close() {
        child.close();
    }
}
