package com.esperr.gateway.cli;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.boot.Service;
import com.esperr.gateway.boot.TenantPolicies;
import com.esperr.gateway.child.Signals;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.telemetry.MessageLog;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the decision service until the process is told to stop; confined to the main thread, but for the end. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Runs a decision service of your own, which every client of Esper's API can ask.",
        footer = {
            "",
            "It listens on server.address; --origin, --listen and --mode are a gateway's.",
            "Example: esper-gateway server --config conf/server.conf"
        })
final class ServerCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() throws InterruptedException {
        PrintStream err = System.err;
        String misplaced = options.onlyForGateways();
        if (misplaced != null) {
            err.println(misplaced);
            return Running.WRONG;
        }
        CheckedService checked = CheckedService.of(options);
        checked.warnings().forEach(warning -> err.println("warning: " + warning));
        checked.problems().forEach(err::println);
        TenantPolicies policies = checked.policies();
        if (!checked.problems().isEmpty() || policies == null) {
            return Running.WRONG;
        }
        return run(checked.loaded(), policies, err);
    }

    private static int run(Loaded<GatewayConfig> loaded, TenantPolicies policies, PrintStream err)
            throws InterruptedException {
        GatewayConfig config = loaded.value();
        MessageLog.apply(config.log());
        Service service;
        try {
            service = Service.start(loaded, policies.sets(), Release.text());
        } catch (IOException | IllegalStateException failed) {
            err.println(failed.getMessage());
            return Running.FAILED;
        }
        Signals.on("HUP", () -> service.reload("SIGHUP"));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            service.close();
                            MessageLog.close();
                            ended.countDown();
                            Runtime.getRuntime().halt(0);
                        },
                        "shutdown"));
        err.println(banner(service));
        String admin = adminWarning(config);
        if (admin != null) {
            err.println("warning: " + admin);
        }
        ended.await();
        return 0;
    }

    private static @Nullable String adminWarning(GatewayConfig config) {
        return config.admin().warning();
    }

    private static String banner(Service service) {
        StringBuilder line = new StringBuilder("esper-gateway ")
                .append(Release.text())
                .append(": service listening on ")
                .append(service.config().server().address().bracketedHost())
                .append(':')
                .append(service.port())
                .append(", pages at ")
                .append(service.publicUrl());
        service.tenants()
                .forEach((id, tenant) -> line.append(", tenant ")
                        .append(id)
                        .append(" with ")
                        .append(tenant.engine().policies()));
        int admin = service.adminPort();
        return line.append(admin > 0 ? ", operator port " + admin : ", no operator port")
                .toString();
    }
}
