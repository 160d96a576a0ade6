package com.esperr.gateway.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A platform of others, such as {@code cloudflare}, played by Node.js: a recipe of {@code docs/platforms}, its files where its page has them
 * copied to, called as the platform calls it. Without {@code node} the test fails or is aborted as {@link Peers} says. Thread-safe.
 */
public final class NodePlatform implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String LISTENING = "listening on 127.0.0.1:";

    private final ChildProcess child;

    private NodePlatform(ChildProcess child) {
        this.child = child;
    }

    /**
     * Starts one.
     *
     * @param platform which
     * @param directory an empty one
     * @param files those of {@code docs/platforms} that are copied there, and the names that they have there
     * @param origin the application, as a URL
     * @param environment what the platform's settings have
     */
    public static NodePlatform start(
            String platform, Path directory, Map<String, String> files, String origin, Map<String, String> environment)
            throws IOException {
        Path node = Peers.require("node");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.copy(Path.of("docs/platforms", file.getKey()), directory.resolve(file.getValue()));
        }
        Files.writeString(
                directory.resolve("app.mjs"), "export const handler = (event) => globalThis.application(event);\n");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                node.toString(), "src/test/resources/platforms/platform.mjs", platform, directory.toString(), origin));
        builder.environment().keySet().removeIf(name -> name.startsWith("ESPER_"));
        builder.environment().putAll(environment);
        return new NodePlatform(ChildProcess.start(builder));
    }

    /** Where visitors connect. */
    public int port() {
        String line = child.awaitLine(text -> text.startsWith(LISTENING), PATIENCE);
        return Integer.parseInt(line.substring(LISTENING.length()));
    }

    /** Everything printed so far. */
    public List<String> lines() {
        return child.lines();
    }

    /** Asks it to end, as platforms do. */
    public void terminate() {
        child.terminate();
    }

    /** The processes that it has started. */
    public List<ProcessHandle> started() {
        return child.descendants();
    }

    @Override
    public void close() {
        child.close();
    }
}
