package com.esperr.gateway.child;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The application and the processes beside it: started together, ended together. Thread-safe. */
public final class Household implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "exec");
        made.setDaemon(true);
        return made;
    });
    private final List<Child> all = new ArrayList<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final CompletableFuture<Integer> application = new CompletableFuture<>();
    private final CompletableFuture<?> empty;
    private final Consumer<Whereabouts> told;

    /** How it is about the application. */
    public enum Whereabouts {
        /** It takes requests. */
        READY,
        /** It has ended and is started again. */
        AWAY,
        /** It has ended. */
        OVER
    }

    /**
     * Of {@code command} as {@code config} says, not started yet.
     *
     * @param place where the application is to listen
     * @param told how it is about it, on a thread of this
     */
    public Household(
            ExecConfig config,
            Command command,
            Place place,
            List<SideConfig> beside,
            LongSupplier nanos,
            Consumer<Whereabouts> told) {
        this.told = told;
        Waiting waiting = new Waiting(
                "the application",
                new Readiness(config.ready(), place, nanos),
                place,
                config.ready().timeout(),
                config.stop().timeout(),
                nanos);
        all.add(new Child(
                "the application",
                command,
                place.environment(),
                new Restarts(config.restart(), nanos),
                thread,
                waiting,
                eventsOfApplication()));
        List<CompletableFuture<?>> ends = new ArrayList<>(List.of(application));
        for (SideConfig side : beside) {
            CompletableFuture<Integer> end = new CompletableFuture<>();
            ends.add(end);
            all.add(new Child(
                    side.name(),
                    Command.of(side.command()),
                    // The port is the application's.
                    new HashMap<>(Map.of("PORT", "")),
                    new Restarts(side.restart(), nanos),
                    thread,
                    null,
                    side(side, end)));
        }
        this.empty = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }

    private Child.Events eventsOfApplication() {
        return new Child.Events() {
            @Override
            public void ready() {
                told.accept(Whereabouts.READY);
            }

            @Override
            public void away() {
                told.accept(Whereabouts.AWAY);
            }

            @Override
            public void over(int code) {
                told.accept(Whereabouts.OVER);
                application.complete(code);
                ended.complete(code);
            }
        };
    }

    private Child.Events side(SideConfig config, CompletableFuture<Integer> end) {
        return new Child.Events() {
            @Override
            public void ready() {}

            @Override
            public void away() {}

            @Override
            public void over(int code) {
                end.complete(code);
                if (config.essential()) {
                    ended.complete(code);
                }
            }
        };
    }

    /** Starts everything. */
    public void start() {
        thread.execute(() -> {
            Orphans.begin(thread);
            all.forEach(Child::start);
        });
    }

    /** Passes a signal on to all. */
    public void relay(String signal) {
        all.forEach(child -> child.relay(signal));
    }

    /** The exit code of the first whose end is the end of everything, when it comes to that. */
    public CompletableFuture<Integer> ended() {
        return ended;
    }

    /**
     * All are to end, and none is started again; returns at once.
     *
     * @param signal what they are sent, or null if they know already
     * @param patience after which they are killed
     */
    public void leave(@Nullable String signal, Duration patience) {
        thread.execute(() -> all.forEach(child -> child.leave(signal, patience)));
    }

    /** Waits until all have ended; the exit code of the one whose end came first, of those that matter. */
    public int awaitEnd() {
        empty.join();
        return ended.join();
    }

    /** The exit code of the application, when it has ended for good. */
    public CompletableFuture<Integer> application() {
        return application;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
