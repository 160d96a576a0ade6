package com.esperr.gateway.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how policies fare that a running gateway rolls out, and changes that; confined to the main thread. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Shows how new policies fare that a running gateway rolls out (rollout.path), or changes that.",
        footer = {
            "",
            "next: on to the next stage; promote: in force for everybody; abort: back to those before; again: from the first stage.",
            "Example: esper-gateway rollout promote --admin 127.0.0.1:9901",
            "Exit code 1 if nothing is rolled out that this could be done to."
        })
final class RolloutCommand implements Callable<Integer> {
    private static final List<String> ORDERS = List.of("next", "promote", "abort", "again");

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Parameters(
            arity = "0..1",
            paramLabel = "ORDER",
            description = "next, promote, abort or again. Default: only show.")
    private @Nullable String order;

    @Override
    public Integer call() throws InterruptedException {
        if (order == null) {
            return new OperatorPort(spec, options).ask("GET", "/rollout", null);
        }
        if (!ORDERS.contains(order)) {
            spec.commandLine().getErr().println("order: " + order + " (expected: next, promote, abort or again)");
            spec.commandLine().getErr().flush();
            return Running.WRONG;
        }
        return new OperatorPort(spec, options).ask("POST", "/rollout?order=" + order, "");
    }
}
