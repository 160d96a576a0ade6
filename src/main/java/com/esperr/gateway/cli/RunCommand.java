package com.esperr.gateway.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Protects one application until the process is told to stop; confined to the main thread. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Runs the gateway in front of an application.",
        footer = {"", "Example: esper-gateway run --origin http://127.0.0.1:3000"})
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() throws InterruptedException {
        return run(options);
    }

    /** Runs it as {@code options} say; answers the exit code. */
    static int run(ConfigOptions options) throws InterruptedException {
        return Running.run(Checked.of(options.load(System.getenv(), Map.of())), gateway -> {});
    }
}
