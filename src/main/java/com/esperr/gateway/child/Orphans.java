package com.esperr.gateway.child;

import java.io.IOException;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the traces of processes whose parents ended before them, which the kernel hands to process 1, if that is what this is.
 * Confined to the thread that runs the application.
 *
 * <p>Java waits for processes that it started and for no others. The method that does so for any is its own; the manifest of the jar
 * opens it ({@code Add-Opens: java.base/java.lang}).
 */
final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    private static final Path PROCESSES = Path.of("/proc");
    private static final int STATE = 0;
    private static final int PARENT = 1;

    private final Method reap;

    private Orphans(Method reap) {
        this.reap = reap;
    }

    /** Looks every second from now on, if this is process 1 and it can. */
    static void begin(ScheduledExecutorService thread) {
        if (ProcessHandle.current().pid() != 1 || Files.notExists(PROCESSES)) {
            return;
        }
        Method reap = method();
        if (reap == null) {
            LOG.warn("exec: this is process 1 and cannot wait for orphans (expected: java -jar, or"
                    + " --add-opens java.base/java.lang=ALL-UNNAMED)");
            return;
        }
        Orphans orphans = new Orphans(reap);
        var unused = thread.scheduleWithFixedDelay(orphans::look, 1, 1, TimeUnit.SECONDS);
    }

    private static @Nullable Method method() {
        try {
            Method method = Class.forName("java.lang.ProcessHandleImpl")
                    .getDeclaredMethod("completion", long.class, boolean.class);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException | InaccessibleObjectException closed) {
            return null;
        }
    }

    private void look() {
        for (String process : zombies()) {
            try {
                // Of a process that Java itself waits for, this is the wait that is under way already.
                reap.invoke(null, Long.parseLong(process), true);
            } catch (ReflectiveOperationException failed) {
                LOG.warn("exec: process {} could not be waited for: {}", process, failed.toString());
            }
        }
    }

    private static List<String> zombies() {
        List<String> zombies = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path one : all) {
                String[] fields = fields(one);
                if (fields.length > PARENT && fields[STATE].equals("Z") && fields[PARENT].equals("1")) {
                    zombies.add(one.getFileName().toString());
                }
            }
        } catch (IOException unreadable) {
            LOG.debug("processes could not be listed", unreadable);
        }
        return zombies;
    }

    private static String[] fields(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", PARENT + 2);
        } catch (IOException gone) {
            return new String[0];
        }
    }
}
