package com.esperr.gateway.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
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
            ExecCommand.class,
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
            LoggersCommand.class,
            RolloutCommand.class,
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
        return run(commandLine(), arguments);
    }

    /** Runs it with other streams than the process has; what a running gateway says still goes to standard error. */
    static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        return run(commandLine().setOut(out).setErr(err), arguments);
    }

    /** What is behind {@code --} is another program's, and none of it is looked at here. */
    private static int run(CommandLine all, String... arguments) {
        int end = List.of(arguments).indexOf("--");
        if (end < 0 || !arguments[0].equals("exec")) {
            return all.execute(arguments);
        }
        CommandLine exec = all.getSubcommands().get("exec");
        if (exec != null && exec.getCommand() instanceof ExecCommand command) {
            command.program(List.of(arguments).subList(end + 1, arguments.length));
        }
        return all.execute(Arrays.copyOf(arguments, end));
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
                "Which command? (expected: run, exec, check, reload, demo, capture, beacon, mitigate, bots, replay, explain, server or keys)");
    }
}
