package com.esperr.gateway.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A process that a test started, its output line by line, and its cost as the kernel counts it. Closing it always ends it and its children.
 * Thread-safe.
 */
final class ChildProcess implements AutoCloseable {

    private static final int KEPT_LINES = 10_000;

    /** Whether whoever started the tests, nohup for one, has this process ignore SIGHUP: its children would, too, and a JVM cannot take it then. */
    private static final boolean HANG_UP_IS_IGNORED = isHangUpIgnored(Path.of("/proc/self/status"));

    private final Process process;
    private final String name;
    private final List<String> lines = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        readers.add(read(process.getInputStream(), "stdout"));
        readers.add(read(process.getErrorStream(), "stderr"));
    }

    static ChildProcess start(ProcessBuilder builder) {
        String name = String.join(" ", builder.command());
        if (HANG_UP_IS_IGNORED) {
            List<String> hearing = new ArrayList<>(List.of("env", "--default-signal=HUP"));
            hearing.addAll(builder.command());
            builder.command(hearing);
        }
        try {
            return new ChildProcess(name, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("start " + name, e);
        }
    }

    private static boolean isHangUpIgnored(Path status) {
        try {
            return Files.exists(status)
                    && Files.readAllLines(status).stream()
                            .anyMatch(line -> line.startsWith("SigIgn:")
                                    && (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** What it reads as its input. */
    OutputStream input() {
        return process.getOutputStream();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Everything printed so far, on either stream. */
    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** Waits for the first line, old or new, that fits. */
    String awaitLine(Predicate<String> wanted, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (lines) {
            for (int next = 0; ; next++) {
                while (next == lines.size()) {
                    awaitMore(deadline);
                }
                if (wanted.test(lines.get(next))) {
                    return lines.get(next);
                }
            }
        }
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Sends SIGTERM; unlike {@link Process#destroy} this keeps reading what the process still prints. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Waits for the end and returns the exit code. */
    int awaitExit(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + ": still running after " + timeout + "\n" + output());
            }
            for (Thread reader : readers) {
                reader.join(timeout.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + name, e);
        }
        return process.exitValue();
    }

    /** Sends SIGINT. */
    void interrupt() {
        signal("INT");
    }

    /** Sends the signal of this name; the JDK has no call for most of them. */
    void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + name + " " + pid() + ": exit code " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while signalling " + this.name, e);
        }
    }

    /** Resident memory in bytes. */
    long residentBytes() {
        return status("VmRSS:") * 1024;
    }

    /** Highest resident memory so far in bytes. */
    long peakResidentBytes() {
        return status("VmHWM:") * 1024;
    }

    /** How many files and connections the process may have open. */
    long maxOpenFiles() {
        for (String line : proc("limits")) {
            if (line.startsWith("Max open files")) {
                String soft = line.substring("Max open files".length()).strip().split(" +")[0];
                return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
            }
        }
        throw new AssertionError(name + ": no limit of open files in /proc/" + pid() + "/limits");
    }

    private long status(String label) {
        for (String line : proc("status")) {
            if (line.startsWith(label)) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new AssertionError(name + ": no " + label + " in /proc/" + pid() + "/status");
    }

    /** User and system time so far, in clock ticks of a hundredth of a second. */
    long cpuTicks() {
        String stat = proc("stat").get(0);
        // The second field, the program's name in brackets, may contain blanks; state is the first field behind it.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    String output() {
        return String.join("\n", lines());
    }

    /** What it has started, and what that has, as far as it runs now and they have not left their parents behind. */
    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /** Ends it, and then whatever it started and did not end itself. */
    @Override
    public void close() {
        // Asked now: once their parent has ended, nobody can tell whose they were.
        List<ProcessHandle> started = descendants();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        started.forEach(ProcessHandle::destroyForcibly);
    }

    private void awaitMore(long deadline) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        boolean ended = readers.stream().noneMatch(Thread::isAlive);
        if (left <= 0 || ended) {
            throw new AssertionError(
                    name + ": no such line, " + (ended ? "output ended" : "timed out") + "\n" + output());
        }
        try {
            lines.wait(Math.min(left, 100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for output of " + name, e);
        }
    }

    private List<String> proc(String file) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid()), file));
        } catch (IOException e) {
            throw new UncheckedIOException(name + " has ended\n" + output(), e);
        }
    }

    private Thread read(InputStream stream, String label) {
        Thread thread = new Thread(() -> readAll(stream), "child-" + process.pid() + "-" + label);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void readAll(InputStream stream) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (lines) {
                    if (lines.size() < KEPT_LINES) {
                        lines.add(line);
                    }
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            // The stream of a process that was killed ends like this.
        }
    }
}
