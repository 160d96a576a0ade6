package com.esperr.gateway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Has a running gateway read its configuration again; confined to the main thread. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Has a running gateway read its configuration again, and prints what came of it.",
        footer = {
            "",
            "It reads its own files; of the options here only the operator port is looked at. Exit code 1 if something is wrong"
                    + " with them: the configuration before stays in force.",
            "Example: esper-gateway reload --config conf/gateway.conf"
        })
final class ReloadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() throws InterruptedException {
        return new OperatorPort(spec, options).ask("POST", "/reload", "");
    }
}
