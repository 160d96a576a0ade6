package com.esperr.gateway.cli;

import com.esperr.gateway.boot.Gateway;
import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.child.Command;
import com.esperr.gateway.child.ExecConfig;
import com.esperr.gateway.child.Household;
import com.esperr.gateway.child.Place;
import com.esperr.gateway.child.SideConfig;
import com.esperr.gateway.child.Signals;
import com.esperr.gateway.telemetry.MessageLog;
import com.esperr.gateway.upstream.Presence;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A gateway and the application behind it in one process tree, from the start of both to the end of both. Confined to the main
 * thread, but for signals and what is told about the application.
 */
final class ExecRun {
    /** What had connected before the signal is accepted by then; a listener that closes cuts what it has not accepted. */
    private static final Duration ACCEPTING = Duration.ofMillis(100);
    /** A signal to all processes comes twice: once from who sent it, and once from the launcher that passes it on. */
    private static final long ECHO_NANOS = 1_000_000_000;

    private final Checked checked;
    private final GatewayConfig config;
    private final ExecConfig exec;
    private final Place place;
    private final List<SideConfig> beside;
    private final Presence presence;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<String> signalled = new CompletableFuture<>();
    private final Hurry hurry = new Hurry(ECHO_NANOS, System::nanoTime);

    ExecRun(Checked checked, Place place, List<SideConfig> beside) {
        this.checked = checked;
        this.config = checked.loaded().value();
        this.exec = config.exec();
        this.place = place;
        this.beside = beside;
        this.presence = new Presence(
                new Presence.Patience(exec.whileAway() == ExecConfig.WhileAway.HOLD, exec.hold(), exec.maxHeld()));
    }

    /** Runs both; answers the exit code. */
    int run(Command command) {
        MessageLog.apply(config.log());
        try (Household household = new Household(exec, command, place, beside, System::nanoTime, this::told)) {
            takeSignals(household);
            return run(household);
        } catch (IOException | IllegalStateException failed) {
            System.err.println(failed.getMessage());
            return Running.FAILED;
        } finally {
            MessageLog.close();
        }
    }

    private int run(Household household) throws IOException {
        Gateway gateway = null;
        if (exec.bind() == ExecConfig.Bind.EARLY) {
            gateway = open();
            household.start();
        } else {
            household.start();
            CompletableFuture.anyOf(ready, signalled, household.ended()).join();
            if (ready.isDone()) {
                try {
                    gateway = open();
                } catch (IOException | IllegalStateException failed) {
                    household.leave(exec.stop().signal(), exec.stop().timeout());
                    household.awaitEnd();
                    throw failed;
                }
            }
        }
        CompletableFuture.anyOf(signalled, household.ended()).join();
        return end(household, gateway);
    }

    private Gateway open() throws IOException {
        Gateway gateway = Gateway.start(checked.loaded(), checked.policiesInForce(), Release.text(), presence);
        PrintStream err = System.err;
        err.println(Banner.line(gateway));
        err.println(config.failures().render());
        checked.warnings().forEach(warning -> err.println("warning: " + warning));
        return gateway;
    }

    private void told(Household.Whereabouts now) {
        switch (now) {
            case READY -> {
                if (presence.state() != Presence.State.LEAVING) {
                    presence.turn(Presence.State.HERE);
                }
                ready.complete(null);
            }
            case AWAY -> presence.turn(Presence.State.COMING);
            case OVER -> presence.turn(Presence.State.GONE);
        }
    }

    private void takeSignals(Household household) {
        Signals.RELAYED.forEach(name -> Signals.on(name, () -> household.relay(name)));
        Signals.on(Signals.FOR_QUIT, () -> household.relay("QUIT"));
        boolean both = Signals.on("INT", () -> end("INT"));
        both &= Signals.on("TERM", () -> end("TERM"));
        if (!both) {
            System.err.println(
                    "warning: signals cannot be taken, and the application will not get them (expected: no -Xrs,"
                            + " and TERM and INT not ignored)");
        }
    }

    private void end(String signal) {
        hurry.told();
        signalled.complete(signal);
    }

    private int end(Household household, @Nullable Gateway gateway) {
        boolean told = signalled.isDone();
        String signal = signalled.getNow(exec.stop().signal());
        boolean gone = household.application().isDone();
        boolean knows = told
                && (exec.stop().platformTells(System.getenv().containsKey("DYNO"))
                        || (signal.equals("INT") && Signals.inForeground()));
        if (knows) {
            presence.turn(gone ? Presence.State.GONE : Presence.State.LEAVING);
            household.leave(null, exec.stop().within());
        }
        Duration grace = knows || gone ? Duration.ZERO : config.shutdown().grace();
        grace = grace.compareTo(ACCEPTING) > 0 ? grace : ACCEPTING;
        if (gateway != null) {
            hurry.by(gateway::hurry);
            gateway.close(grace, exec.stop().drain(grace, config.shutdown().drain()));
        }
        if (!knows) {
            household.leave(
                    signal.equals("TERM") ? exec.stop().signal() : signal,
                    exec.stop().timeout());
        }
        hurry.by(() -> household.leave(null, Duration.ZERO));
        int first = household.awaitEnd();
        return told ? household.application().join() : first;
    }
}
