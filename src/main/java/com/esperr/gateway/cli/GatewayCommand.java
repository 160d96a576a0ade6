package com.esperr.gateway.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that only holds the others; confined to the main thread. */
@Command(
        name = "esper-gateway",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Decides on every HTTP request before it reaches your application: allow, challenge or block.",
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            ReloadCommand.class,
            DemoCommand.class,
            CaptureCommand.class,
            BeaconCommand.class,
            ServerCommand.class,
            KeysCommand.class,
            MitigateCommand.class,
            ChallengeCommand.class,
            BotsCommand.class,
            ReplayCommand.class,
            ExplainCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Every configuration key can be given as --set KEY=VALUE, as an environment variable (ESPER_ and the key in"
                    + " upper case with . and - as _), or in the file.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration."
        })
public final class GatewayCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Runs the command line {@code arguments} and returns the exit code. */
    public static int execute(String... arguments) {
        return commandLine().execute(arguments);
    }

    /** Runs it with other streams than the process has; what a running gateway says still goes to standard error. */
    static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        return commandLine().setOut(out).setErr(err).execute(arguments);
    }

    private static CommandLine commandLine() {
        CommandLine all = new CommandLine(new GatewayCommand());
        HelpPages.tidy(all);
        return all.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, arguments) -> complain(wrong));
    }

    /** Says what is wrong; a whole page of help below would scroll it away, so that comes only where commands are chosen. */
    private static int complain(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(wrong.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
            if (command.getSubcommands().isEmpty()) {
                err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
            } else {
                command.usage(err);
            }
        }
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Which command? (expected: run, check, reload, demo, capture, beacon, mitigate, bots, replay, explain, server or keys)");
    }
}
