package com.esperr.gateway.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that holds what there is to know about bots; confined to the main thread. */
@Command(
        name = "bots",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Says whether a visitor is the bot he says he is.",
        subcommands = {BotsCheckCommand.class})
final class BotsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? (expected: check)");
    }
}
