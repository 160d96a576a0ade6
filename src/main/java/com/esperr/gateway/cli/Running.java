package com.esperr.gateway.cli;

import com.esperr.gateway.boot.Gateway;
import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.boot.Policies;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import com.esperr.gateway.telemetry.MessageLog;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

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
    private final CountDownLatch ended = new CountDownLatch(1);

    private Running(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Starts what {@code loaded} describes, or prints what is wrong and answers null. */
    static @Nullable Running start(Loaded<GatewayConfig> loaded) {
        PrintStream err = System.err;
        loaded.warnings().forEach(warning -> err.println("warning: " + warning));
        if (!loaded.isValid()) {
            return refuse(loaded.problems());
        }
        GatewayConfig config = loaded.value();
        Policies policies = Policies.load(config);
        policies.warnings().forEach(warning -> err.println("warning: " + warning));
        if (!policies.problems().isEmpty()) {
            return refuse(policies.problems());
        }
        MessageLog.level(config.log().level());
        try {
            Running running = new Running(Gateway.start(config, policies, Version.text()));
            Runtime.getRuntime().addShutdownHook(new Thread(running::end, "shutdown"));
            err.println(Banner.line(running.gateway));
            err.println(config.failures().render());
            Banner.warnings(config).forEach(warning -> err.println("warning: " + warning));
            return running;
        } catch (IOException | IllegalStateException failed) {
            err.println(failed.getMessage());
            return null;
        }
    }

    private static @Nullable Running refuse(List<Problem> problems) {
        problems.forEach(System.err::println);
        return null;
    }

    /** The gateway. */
    Gateway gateway() {
        return gateway;
    }

    /** Waits until the process is told to stop. */
    int await() throws InterruptedException {
        ended.await();
        return 0;
    }

    /** Runs as the process ends: lets open requests finish, then ends it with 0, because being told to stop is no failure. */
    private void end() {
        gateway.close();
        MessageLog.close();
        ended.countDown();
        Runtime.getRuntime().halt(0);
    }
}
