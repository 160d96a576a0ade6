package com.esperr.gateway.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that holds what people do about challenges; confined to the main thread. */
@Command(
        name = "challenge",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Tries whether challenges are set up.",
        subcommands = ChallengeTestCommand.class)
final class ChallengeCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? (expected: test)");
    }
}
