package com.esperr.gateway.cli;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.Peers;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** {@code exec} as a process, with an application of Node.js or of the JVM as its child. Confined to the thread of the test. */
final class ExecScene implements AutoCloseable {
    private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx96m");

    private final GatewayProcess gateway;

    private ExecScene(GatewayProcess gateway) {
        this.gateway = gateway;
    }

    /** How the gateway is started. */
    static final class Setting {
        private final List<String> options = new ArrayList<>();
        private final Map<String, String> environment = new HashMap<>();

        /** These options, before {@code --}. */
        Setting options(String... some) {
            options.addAll(List.of(some));
            return this;
        }

        /** A configuration key. */
        Setting set(String key, String value) {
            return options("--set", key + "=" + value);
        }

        /** A variable, which the application finds as well. */
        Setting variable(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Starts it with this program behind it. */
        ExecScene run(List<String> program) {
            List<String> arguments = new ArrayList<>(List.of("exec", "--admin", "127.0.0.1:0"));
            if (!environment.containsKey("PORT")) {
                arguments.addAll(List.of("--listen", "127.0.0.1:0"));
            }
            arguments.addAll(List.of("--set", "runtime.event-loops=1"));
            arguments.addAll(options);
            arguments.add("--");
            arguments.addAll(program);
            return new ExecScene(GatewayProcess.start(QUICK_START, environment, arguments.toArray(String[]::new)));
        }

        ExecScene run(String... program) {
            return run(List.of(program));
        }

        /** With the application of Node.js. */
        ExecScene node() {
            return run(nodeApplication());
        }
    }

    static Setting setting() {
        return new Setting();
    }

    static List<String> nodeApplication() {
        return List.of(
                Peers.require("node").toString(),
                Path.of("src", "test", "resources", "node", "exec-app.mjs")
                        .toAbsolutePath()
                        .toString());
    }

    GatewayProcess gateway() {
        return gateway;
    }

    /** Waits for a line that contains this. */
    String awaitLine(String part) {
        return gateway.awaitLine(line -> line.contains(part));
    }

    boolean said(String part) {
        return gateway.lines().stream().anyMatch(line -> line.contains(part));
    }

    long count(Predicate<String> wanted) {
        return gateway.count(wanted);
    }

    /** Asks for this and waits for the answer. */
    RawResponse get(String target) {
        return RawClient.exchange(gateway.port(), request(target));
    }

    /** A connection of which this was asked. */
    RawClient ask(String target) {
        return RawClient.connect(gateway.port()).send(request(target));
    }

    static String request(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** The pid of the application, as the log says. */
    long application() {
        String line = awaitLine("the application is process ");
        return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    }

    /** Sends the gateway a signal by name. */
    void signal(String name) {
        signal(gateway.pid(), name);
    }

    static void signal(long pid, String name) {
        try {
            int code = new ProcessBuilder("kill", "-s", name, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -s " + name + " " + pid + ": exit code " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** TERM to every process of it at once, as a platform does that knows them all. */
    void terminateEverybody() {
        ProcessHandle root = ProcessHandle.of(gateway.pid()).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(root.descendants().toList());
        all.add(root);
        all.forEach(ProcessHandle::destroy);
    }

    int awaitExit() {
        return gateway.awaitExit();
    }

    /** Ends it, and what it has started, which stays otherwise if it ends by force. */
    @Override
    public void close() {
        // The number of one that has ended may be another's.
        List<ProcessHandle> started = gateway.isAlive()
                ? ProcessHandle.of(gateway.pid()).stream()
                        .flatMap(ProcessHandle::descendants)
                        .toList()
                : List.of();
        gateway.close();
        started.forEach(ProcessHandle::destroyForcibly);
    }
}
