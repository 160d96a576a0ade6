package com.esperr.gateway.child;

import java.util.Locale;
import java.util.regex.Pattern;

/** Exit codes that stand for something else than what an application answered, as shells and coreutils have them. Stateless. */
public final class ExitCode {
    /** The application was not ready within {@code exec.ready.timeout}. */
    public static final int NOT_READY = 124;
    /** The program cannot be executed. */
    public static final int NOT_EXECUTABLE = 126;
    /** There is no such program. */
    public static final int NOT_FOUND = 127;
    /** And the number of the signal that ended it. */
    static final int SIGNAL = 128;

    // Java 17 says "error=2, No such file or directory", Java 25 "error: 2 (No such file or directory)".
    private static final Pattern NO_SUCH_FILE = Pattern.compile("error(=2,|: 2 )");

    private static final String[] NAMES = {
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "", "FPE", "KILL", "", "SEGV", "", "PIPE", "ALRM", "TERM"
    };

    private ExitCode() {}

    /** What a program that cannot be started stands for, by the JDK's message, which ends with number and text of the error. */
    static int ofFailedStart(String message) {
        return NO_SUCH_FILE.matcher(message).find() ? NOT_FOUND : NOT_EXECUTABLE;
    }

    /** It, for people. */
    static String describe(int code) {
        int signal = code - SIGNAL;
        String name = signal > 0 && signal < NAMES.length ? NAMES[signal] : "";
        return name.isEmpty()
                ? Integer.toString(code)
                : String.format(Locale.ROOT, "%d, which stands for signal %s", code, name);
    }
}
