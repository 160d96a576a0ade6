package com.esperr.gateway.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        footer = {
            "",
            "Every configuration key can be given as --set KEY=VALUE, as an environment variable (ESPER_ and the key in"
                    + " upper case with . and - as _), or in the file.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration."
        })
public final class GatewayCommand implements Runnable {
    private static final Map<String, Class<?>> COMMANDS = commands();

    @Spec
    private CommandSpec spec;

    /** Runs the command line {@code arguments} and returns the exit code. */
    public static int execute(String... arguments) {
        return run(commandLine(arguments), arguments);
    }

    /** Runs it with other streams than the process has; what a running gateway says still goes to standard error. */
    static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        return run(commandLine(arguments).setOut(out).setErr(err), arguments);
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

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> all = new LinkedHashMap<>();
        all.put("run", RunCommand.class);
        all.put("exec", ExecCommand.class);
        all.put("check", CheckCommand.class);
        all.put("reload", ReloadCommand.class);
        all.put("demo", DemoCommand.class);
        all.put("capture", CaptureCommand.class);
        all.put("beacon", BeaconCommand.class);
        all.put("server", ServerCommand.class);
        all.put("keys", KeysCommand.class);
        all.put("mitigate", MitigateCommand.class);
        all.put("challenge", ChallengeCommand.class);
        all.put("bots", BotsCommand.class);
        all.put("replay", ReplayCommand.class);
        all.put("explain", ExplainCommand.class);
        all.put("rollout", RolloutCommand.class);
        all.put("loggers", LoggersCommand.class);
        all.put("plan", PlanCommand.class);
        all.put("help", CommandLine.HelpCommand.class);
        return all;
    }

    /** With the command that is asked for, or with all: what is read of the others by reflection would be a third of a start. */
    private static CommandLine commandLine(String... arguments) {
        CommandLine all = new CommandLine(new GatewayCommand());
        String wanted = arguments.length == 0 ? "" : arguments[0];
        boolean known = COMMANDS.containsKey(wanted) && !wanted.equals("help");
        COMMANDS.forEach((name, type) -> {
            if (!known || name.equals(wanted)) {
                all.addSubcommand(name, type);
            }
        });
        HelpPages.tidy(all);
        return all.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((refused, ignored) -> complain(refused));
    }

    /** Says what is wrong; a whole page of help below would scroll it away, so that comes only where commands are chosen. */
    private static int complain(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        boolean program =
                wrong instanceof CommandLine.UnmatchedArgumentException && command.getCommand() instanceof ExecCommand;
        err.println(wrong.getMessage()
                + (program ? " (expected: `--` before the command, e.g. exec -- node server.js)" : ""));
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
                spec.commandLine(), "Which command? (expected: one of " + String.join(", ", COMMANDS.keySet()) + ")");
    }
}
