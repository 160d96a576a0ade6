package com.esperr.gateway.cli;

import com.esperr.gateway.boot.BotsCheck;
import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.bots.BotReport.Findings;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.net.IpAddress;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies one visitor as the gateway would, and prints each step; confined to the main thread. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Verifies a visitor as the gateway would, and says each step.",
        footer = {
            "",
            "Example: esper-gateway bots check 66.249.66.1 \"Mozilla/5.0 (compatible; Googlebot/2.1)\"",
            "Exit codes: 0 verified, 1 not verified, 2 wrong usage or configuration."
        })
final class BotsCheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Parameters(index = "0", paramLabel = "ADDRESS", description = "The visitor's address.")
    private String address;

    @Parameters(index = "1", arity = "0..1", paramLabel = "USER-AGENT", description = "What he says he is.")
    private @Nullable String userAgent;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        IpAddress visitor = IpAddress.parseOrNull(address);
        if (visitor == null) {
            err.println("address: " + address + " (expected: an IP address such as 192.0.2.10 or 2001:db8::1)");
            err.flush();
            return Running.WRONG;
        }
        // Whoever asks about a bot need not have an origin.
        Loaded<GatewayConfig> loaded =
                options.load(System.getenv(), Map.of("origin.url", "http://127.0.0.1:1"), Map.of());
        if (!loaded.isValid()) {
            loaded.problems().forEach(err::println);
            err.flush();
            return Running.WRONG;
        }
        Findings findings = BotsCheck.examine(loaded.value(), visitor, userAgent);
        findings.lines().forEach(out::println);
        out.flush();
        return findings.verified() ? 0 : 1;
    }
}
