package com.esperr.gateway.cli;

import com.esperr.gateway.boot.Gateway;
import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.child.Signals;
import com.esperr.gateway.telemetry.MessageLog;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A gateway in this process, from its configuration to the signal that ends it. Everything for people goes to standard
 * error, because standard output is the access log. Confined to the main thread, but for the end.
 */
final class Running {
    /** Exit code for wrong usage or configuration. */
    static final int WRONG = 2;
    /** Exit code for a failure at run time. */
    static final int FAILED = 1;

    private final Gateway gateway;
    private final AtomicBoolean told = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    private Running(Gateway gateway) {
        this.gateway = gateway;
    }

    /**
     * Runs what {@code checked} describes until the process is told to stop; answers the exit code.
     *
     * @param started told when the listeners are open
     */
    static int run(Checked checked, Consumer<Gateway> started) throws InterruptedException {
        PrintStream err = System.err;
        if (!checked.runnable()) {
            return refuse(checked);
        }
        GatewayConfig config = checked.loaded().value();
        MessageLog.apply(config.log());
        Running running;
        try {
            running = new Running(Gateway.start(checked.loaded(), checked.policiesInForce(), Release.text()));
        } catch (IOException | IllegalStateException failed) {
            err.println(failed.getMessage());
            return FAILED;
        }
        Gateway gateway = running.gateway;
        Signals.on("HUP", () -> gateway.reload("SIGHUP"));
        Runtime.getRuntime().addShutdownHook(new Thread(running::end, "shutdown"));
        Signals.on("TERM", running::stop);
        Signals.on("INT", running::stop);
        gateway.whenReplaced(running::stop);
        err.println(Banner.line(running.gateway));
        err.println(config.failures().render());
        checked.warnings().forEach(warning -> err.println("warning: " + warning));
        started.accept(running.gateway);
        running.ended.await();
        return 0;
    }

    /** Has the process end; who is told so again while it does is in a hurry. */
    private void stop() {
        if (told.compareAndSet(false, true)) {
            Runtime.getRuntime().exit(0);
        } else {
            gateway.hurry();
        }
    }

    /** Says what is wrong with {@code checked}; answers the exit code. */
    static int refuse(Checked checked) {
        checked.warnings().forEach(warning -> System.err.println("warning: " + warning));
        checked.problems().forEach(System.err::println);
        return WRONG;
    }

    /** Runs as the process ends: lets open requests finish, then ends it with 0, because being told to stop is no failure. */
    private void end() {
        gateway.close();
        MessageLog.close();
        ended.countDown();
        Runtime.getRuntime().halt(0);
    }
}
