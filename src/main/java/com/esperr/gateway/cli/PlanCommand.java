package com.esperr.gateway.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what memory a gateway will take; confined to the main thread. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints the memory that so many visitors and connections take, and the settings for it.",
        footer = {"", "Example: esper-gateway plan --entities 1000000 --connections 20000"})
final class PlanCommand implements Callable<Integer> {
    private static final long MOST = 1_000_000_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--entities",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Visitors that are counted and mitigated at a time (default: ${DEFAULT-VALUE}).")
    private long entities;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Connections that are open at a time (default: ${DEFAULT-VALUE}).")
    private long connections;

    @Override
    public Integer call() {
        demand("--entities", entities);
        demand("--connections", connections);
        PrintWriter out = spec.commandLine().getOut();
        new MemoryPlan(entities, connections).lines().forEach(out::println);
        out.flush();
        return 0;
    }

    private void demand(String option, long value) {
        if (value < 0 || value > MOST) {
            throw new ParameterException(spec.commandLine(), option + ": " + value + " (expected: 0.." + MOST + ")");
        }
    }
}
