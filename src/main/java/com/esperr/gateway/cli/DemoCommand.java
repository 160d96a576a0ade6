package com.esperr.gateway.cli;

import com.esperr.gateway.boot.Gateway;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the gateway at work with nothing else installed; confined to the main thread. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Starts a sample application, the embedded engine with sample policies, and the gateway before them.")
final class DemoCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String POLICIES = "/policies/demo.conf";

    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (SampleOrigin origin = SampleOrigin.start()) {
            return Running.run(checked(origin), DemoCommand::print);
        }
    }

    private Checked checked(SampleOrigin origin) throws IOException {
        Path policies = samplePolicies();
        try {
            return Checked.of(options.load(System.getenv(), defaults(origin, policies)));
        } finally {
            // Not later: a signal ends the process without coming back here.
            Files.deleteIfExists(policies);
        }
    }

    private static Map<String, String> defaults(SampleOrigin origin, Path policies) {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("origin.url", origin.url());
        defaults.put("policies.path", policies.toString());
        // They are a copy that is gone by then.
        defaults.put("policies.reload-interval", "0s");
        defaults.put("challenge.url", "/challenge?return_url={return_url}");
        return defaults;
    }

    /** A copy of the sample policies that are part of the jar, so that the demo runs from any directory. */
    private static Path samplePolicies() throws IOException {
        Path copy = Files.createTempFile("esper-gateway-demo-", ".conf");
        try (InputStream in = DemoCommand.class.getResourceAsStream(POLICIES)) {
            if (in == null) {
                throw new IOException(POLICIES + ": missing (expected: in the jar)");
            }
            Files.write(copy, in.readAllBytes());
        }
        return copy;
    }

    private static void print(Gateway gateway) {
        PrintStream err = System.err;
        if (!gateway.awaitReady(PATIENCE)) {
            err.println(
                    "warning: not ready after " + PATIENCE.toSeconds() + " s; /readyz of the operator port says why");
        }
        String site = "http://127.0.0.1:" + gateway.port();
        err.println();
        err.println("Try, in another terminal:");
        err.println();
        row(err, "an allowed page                 200", "curl -i " + site + "/");
        row(err, "a blocked client                403", "curl -i -A badbot " + site + "/");
        row(err, "a challenged path               302", "curl -i -H 'Accept: text/html' " + site + "/challenge-me");
        row(
                err,
                "the same for an API client      403",
                "curl -i -H 'Accept: application/json' " + site + "/challenge-me");
        row(
                err,
                "a burst trips a window    200 … 403",
                "for i in 1 2 3 4 5 6 7; do curl -s -o /dev/null -w '%{http_code}\\n' " + site + "/search; done");
        if (gateway.adminPort() > 0) {
            String admin = "http://127.0.0.1:" + gateway.adminPort();
            row(err, "is it ready                     200", "curl -i " + admin + "/readyz");
            row(err, "what has been decided", "curl -s " + admin + "/metrics | grep esper_decisions_total");
        }
        err.println();
        err.println("Ctrl-C ends the demo. The access log follows.");
    }

    private static void row(PrintStream out, String what, String command) {
        out.println("  " + what + " ".repeat(Math.max(1, 38 - what.length())) + command);
    }
}
