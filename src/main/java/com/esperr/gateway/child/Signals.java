package com.esperr.gateway.child;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals that this process gets and gives. Stateless; what is done at a signal runs on a thread of the JVM's for it.
 *
 * <p>Reached by reflection, because the compiler warns of {@code sun.misc.Signal} in a way that cannot be switched off.
 */
public final class Signals {
    /** The signals that the application gets as well; QUIT is the JVM's own, which the launcher turns into URG. */
    public static final List<String> RELAYED = List.of("HUP", "USR1", "USR2", "WINCH", "CONT");
    /** What stands for QUIT. */
    public static final String FOR_QUIT = "URG";

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final int PROCESS_GROUP = 2;
    private static final int TERMINAL_GROUP = 5;
    private static final int SECONDS = 5;

    private Signals() {}

    /** Has {@code action} run at signal {@code name}, such as TERM, instead of what the JVM does; false if it cannot. */
    public static boolean on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler does = (proxy, method, arguments) -> act(proxy, method, arguments, action);
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance(name),
                            Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, does));
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException refused) {
            LOG.debug("signal {}: not taken", name, refused);
            return false;
        }
    }

    private static Object act(Object proxy, Method method, Object[] arguments, Runnable action) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "a handler of signals";
            default -> {
                action.run();
                yield Void.TYPE;
            }
        };
    }

    /** Sends {@code process} signal {@code name}; blocks for a moment. */
    static void send(Process process, String name) {
        if (!process.isAlive()) {
            return;
        }
        switch (name) {
            case "TERM" -> process.toHandle().destroy();
            case "KILL" -> process.toHandle().destroyForcibly();
            default -> sendByShell(process, name);
        }
    }

    private static void sendByShell(Process process, String name) {
        try {
            Process kill = new ProcessBuilder(
                            "/bin/sh", "-c", "kill -s \"$0\" \"$1\"", name, Long.toString(process.pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                LOG.warn("exec: signal {} could not be sent to process {}", name, process.pid());
            }
        } catch (IOException impossible) {
            LOG.warn("exec: signal {} could not be sent: {}", name, impossible.getMessage());
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether this process is in the foreground of a terminal, so that Ctrl-C reaches the application by itself. */
    public static boolean inForeground() {
        try {
            String stat = Files.readString(STAT);
            // The second field, the program's name in brackets, may contain blanks; state is the first field behind it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[PROCESS_GROUP].equals(fields[TERMINAL_GROUP]);
        } catch (IOException otherSystem) {
            return inForegroundByPs();
        }
    }

    private static boolean inForegroundByPs() {
        try {
            Process ps = new ProcessBuilder(
                            "ps",
                            "-o",
                            "pgid=",
                            "-o",
                            "tpgid=",
                            "-p",
                            Long.toString(ProcessHandle.current().pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] groups = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split("\\s+");
            return groups.length == 2 && groups[0].equals(groups[1]);
        } catch (IOException notTold) {
            return false;
        }
    }
}
