package com.esperr.gateway.cli;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.child.Command;
import com.esperr.gateway.child.ExecConfig;
import com.esperr.gateway.child.Place;
import com.esperr.gateway.child.SideConfig;
import com.esperr.gateway.config.Loaded;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs an application and protects it, until it ends or the process is told to; confined to the main thread. */
@picocli.CommandLine.Command(
        name = "exec",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        customSynopsis = "esper-gateway exec [OPTIONS] -- COMMAND [ARGUMENTS...]",
        description = "Runs an application as a process of its own and the gateway in front of it.",
        footer = {
            "",
            "The application finds in PORT where it is to listen; the gateway listens on the PORT that it was given.",
            "Example: esper-gateway exec -- node server.js",
            "Exit codes: the application's, 128 and the number of the signal that ended it, 124 if it was not ready in time,"
                    + " 126 if it cannot be executed, 127 if it is not there; 1 if the gateway failed, 2 wrong usage or"
                    + " configuration."
        })
final class ExecCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Option(
            names = "--child",
            paramLabel = "NAME=COMMAND",
            description = "Also runs this, by a shell, as a line of a Procfile (exec.children). May be repeated.")
    private Map<String, String> children = new LinkedHashMap<>();

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "The application listens at this unix socket, not at a port (exec.socket).")
    private @Nullable String socket;

    @Option(
            names = "--ready-path",
            paramLabel = "PATH",
            description = "It is ready when it answers a GET of this (exec.ready.by = http, exec.ready.path).")
    private @Nullable String readyPath;

    @Option(
            names = "--ready-timeout",
            paramLabel = "DURATION",
            description = "How long it may take until then (exec.ready.timeout).")
    private @Nullable String readyTimeout;

    @Option(
            names = "--restart",
            paramLabel = "POLICY",
            description = "Start it again: never, on-failure or always (exec.restart.policy).")
    private @Nullable String restart;

    private List<String> program = List.of();

    /** What is run: the last arguments of this process. */
    void program(List<String> words) {
        program = List.copyOf(words);
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        String misplaced = misplaced();
        if (misplaced != null) {
            return complain(err, misplaced);
        }
        Loaded<GatewayConfig> sketch = options.load(System.getenv(), Map.of(), keys("http://127.0.0.1:1"));
        if (!sketch.isValid()) {
            return Running.refuse(Checked.of(sketch));
        }
        ExecConfig exec = sketch.value().exec();
        Place place;
        try {
            place = Place.of(exec);
        } catch (IOException | IllegalArgumentException impossible) {
            return complain(
                    err,
                    "exec.host: " + exec.host() + ", " + impossible.getMessage()
                            + " (expected: an address of this machine)");
        }
        Checked checked = Checked.of(options.load(System.getenv(), Map.of(), keys(place.url())));
        if (!checked.runnable()) {
            return Running.refuse(checked);
        }
        return new ExecRun(checked, place, beside(exec)).run(Command.ofOwnArguments(program));
    }

    private @Nullable String misplaced() {
        if (program.isEmpty()) {
            return "COMMAND: missing (expected: esper-gateway exec -- COMMAND ARGUMENTS, e.g. exec -- node server.js)";
        }
        String origin = options.origin();
        return origin == null
                ? null
                : "--origin: " + origin + " (expected: nothing, the application is told where to listen)";
    }

    private static int complain(PrintWriter err, String what) {
        err.println(what);
        err.flush();
        return Running.WRONG;
    }

    private Map<String, String> keys(String origin) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("origin.url", origin);
        put(keys, "exec.socket", socket);
        put(keys, "exec.ready.path", readyPath);
        put(keys, "exec.ready.by", readyPath == null ? null : "http");
        put(keys, "exec.ready.timeout", readyTimeout);
        put(keys, "exec.restart.policy", restart);
        return keys;
    }

    private static void put(Map<String, String> keys, String key, @Nullable String value) {
        if (value != null) {
            keys.put(key, value);
        }
    }

    private List<SideConfig> beside(ExecConfig exec) {
        List<SideConfig> beside = new ArrayList<>(exec.children());
        children.forEach((name, command) -> beside.add(SideConfig.shell(name, command, exec.restart())));
        return beside;
    }
}
