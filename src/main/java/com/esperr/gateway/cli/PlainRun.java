package com.esperr.gateway.cli;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The command {@code run} where only the configuration is said with it, as it mostly is: without picocli, which would take a fourth of
 * a start. Confined to the main thread.
 */
public final class PlainRun {
    private static final String NAME = "run";

    private PlainRun() {}

    /** Runs the command line {@code arguments} and returns the exit code; empty, and nothing done, if it needs {@link GatewayCommand}. */
    public static OptionalInt execute(String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals(NAME)) {
            return OptionalInt.empty();
        }
        ConfigOptions options = ConfigOptions.plain(Arrays.asList(arguments).subList(1, arguments.length));
        return options == null ? OptionalInt.empty() : OptionalInt.of(run(options));
    }

    private static int run(ConfigOptions options) {
        try {
            return RunCommand.run(options);
        } catch (InterruptedException | RuntimeException defect) {
            // The threads that were started before would keep the process.
            Thread main = Thread.currentThread();
            main.getUncaughtExceptionHandler().uncaughtException(main, defect);
            return Running.FAILED;
        }
    }
}
