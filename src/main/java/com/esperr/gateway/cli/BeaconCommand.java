package com.esperr.gateway.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that holds what there is to say about events; confined to the main thread. */
@Command(
        name = "beacon",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Looks at the events that a running gateway sends to Esper.",
        subcommands = BeaconTailCommand.class)
final class BeaconCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? (expected: tail)");
    }
}
