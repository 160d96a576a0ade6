package com.esperr.gateway.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that holds what people do about single visitors; confined to the main thread. */
@Command(
        name = "mitigate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Blocks or challenges one visitor of a running gateway, takes that back, or lists who is.",
        subcommands = {MitigateAddCommand.class, MitigateListCommand.class, MitigateRemoveCommand.class})
final class MitigateCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? (expected: add, list or remove)");
    }
}
