package com.esperr.gateway.child;

import java.io.File;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process and those that take its place; confined to the thread that runs it, but for {@link #relay}.
 */
final class Child {
    private static final Logger LOG = LoggerFactory.getLogger(Child.class);

    private final String name;
    private final Command command;
    private final Map<String, String> environment;
    private final Restarts restarts;
    private final ScheduledExecutorService thread;
    private final Events events;
    private final @Nullable Waiting waiting;
    private volatile @Nullable Process process;
    private @Nullable ScheduledFuture<?> kill;
    private boolean leaving;
    private boolean late;
    private boolean wasReady;
    private int lastCode;
    private boolean over;

    /** What is told about it, on its thread. */
    interface Events {
        /** The process is ready. */
        void ready();

        /** It has ended and will be started again. */
        void away();

        /** It has ended for good. */
        void over(int code);
    }

    /**
     * One that is not started yet.
     *
     * @param environment what it finds beside what this process has; an empty value takes a variable away
     * @param waiting how it is known to be ready, or null if nobody cares
     */
    Child(
            String name,
            Command command,
            Map<String, String> environment,
            Restarts restarts,
            ScheduledExecutorService thread,
            @Nullable Waiting waiting,
            Events events) {
        this.name = name;
        this.command = command;
        this.environment = environment;
        this.restarts = restarts;
        this.thread = thread;
        this.waiting = waiting;
        this.events = events;
    }

    /** Starts it. */
    void start() {
        if (leaving || over) {
            end(lastCode);
            return;
        }
        late = false;
        wasReady = waiting == null;
        FileTime before = waiting == null ? null : waiting.readiness().before();
        Process started;
        try {
            if (waiting != null) {
                waiting.place().clear();
            }
            started = builder().start();
        } catch (IOException failed) {
            String message = String.valueOf(failed.getMessage());
            LOG.error("exec: {}: {}", name, message);
            end(ExitCode.ofFailedStart(message));
            return;
        }
        process = started;
        LOG.info("exec: {} is process {}", name, started.pid());
        started.onExit().thenAcceptAsync(this::exited, thread);
        if (waiting != null) {
            waiting.begin(
                    started,
                    before,
                    () -> thread.execute(() -> ready(started)),
                    why -> thread.execute(() -> notReady(started, why)));
        }
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(command.words()).inheritIO();
        if (waiting == null) {
            // What comes in is the application's.
            builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        }
        environment.forEach((variable, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(variable);
            } else {
                builder.environment().put(variable, value);
            }
        });
        return builder;
    }

    private void ready(Process which) {
        if (which == process && which.isAlive() && !late && !over) {
            wasReady = true;
            events.ready();
        }
    }

    private void notReady(Process which, String why) {
        if (which == process && which.isAlive() && !leaving) {
            LOG.error("exec: {} {}, and is ended", name, why);
            late = true;
            Signals.send(which, "TERM");
            killAfter(waiting == null ? Duration.ZERO : waiting.patience());
        }
    }

    private void exited(Process which) {
        if (which != process) {
            return;
        }
        process = null;
        if (kill != null) {
            kill.cancel(false);
            kill = null;
        }
        lastCode = late ? ExitCode.NOT_READY : which.exitValue();
        tell(which.exitValue());
        Duration delay = leaving ? null : restarts.after(lastCode);
        if (delay == null) {
            if (!leaving && restarts.exhausted(lastCode)) {
                LOG.error("exec: {} has ended too often (exec.restart.limit)", name);
            }
            end(lastCode);
            return;
        }
        LOG.warn("exec: {} is started again in {} ms", name, delay.toMillis());
        events.away();
        var unused = thread.schedule(this::start, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** That it ends is news unless it was told to, or is done. */
    private void tell(int code) {
        if (leaving || (code == 0 && wasReady)) {
            LOG.info("exec: {} ended with exit code {}", name, ExitCode.describe(code));
        } else {
            String when = wasReady || late ? "" : ", before it was ready";
            LOG.warn("exec: {} ended with exit code {}{}", name, ExitCode.describe(code), when);
        }
    }

    private void end(int code) {
        if (!over) {
            over = true;
            events.over(code);
        }
    }

    /** Passes a signal on; on any thread. */
    void relay(String signal) {
        Process running = process;
        if (running != null) {
            Signals.send(running, signal);
        }
    }

    /** It is to end, and not to be started again: gets {@code signal}, if that is not null, and after a time is killed. */
    void leave(@Nullable String signal, Duration patience) {
        leaving = true;
        Process running = process;
        if (running == null) {
            end(lastCode);
            return;
        }
        if (signal != null) {
            Signals.send(running, signal);
        }
        killAfter(patience);
    }

    private void killAfter(Duration patience) {
        Process running = process;
        if (kill != null) {
            kill.cancel(false);
        }
        kill = thread.schedule(
                () -> {
                    if (running != null && running.isAlive()) {
                        LOG.warn("exec: {} has not ended after {} ms and is killed", name, patience.toMillis());
                        Signals.send(running, "KILL");
                    }
                },
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
    }
}
