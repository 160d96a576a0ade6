package com.esperr.gateway.cli;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.boot.Policies;
import com.esperr.gateway.boot.Replays;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.replay.Difference;
import com.esperr.gateway.replay.Replay;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows recorded requests to other policies and prints what would be different; confined to the main thread. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Shows recorded requests to other policies and says what would be different.",
        footer = {
            "",
            "Example: esper-gateway replay --policies new/ --tolerate 0.1% data/requests.jsonl.1 data/requests.jsonl",
            "Files: recordings (record.file) or access logs of nginx and Apache in the combined format, also *.gz.",
            "Exit codes: 0 no more differences than tolerated, 1 more, 2 wrong usage, configuration or policies."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final int TOP = 5;
    private static final int PERCENT = 100;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Option(
            names = "--policies",
            required = true,
            paramLabel = "PATH",
            description = "File or directory of the policies to try, instead of policies.path. May be repeated.")
    private List<String> policies = List.of();

    @Option(
            names = "--against",
            paramLabel = "PATH",
            description = "Compare with what these policies say instead of with what was decided. May be repeated.")
    private @Nullable List<String> against;

    @Option(
            names = "--policy-set",
            paramLabel = "NAME",
            description = "Try them on the requests about which this set of policies.sets decides. Default: on those of"
                    + " sites that name none.")
    private @Nullable String set;

    @Option(
            names = "--tolerate",
            paramLabel = "N|N%",
            defaultValue = "0",
            description = "Differences that are no failure: a number, or a share of the requests. Default: 0.")
    private String tolerate;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "3",
            description = "Requests shown of each difference. Default: 3.")
    private int samples;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "What was recorded, the oldest first.")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        double tolerated = tolerated(tolerate);
        if (Double.isNaN(tolerated) || samples < 0) {
            err.println("--tolerate: " + tolerate + " (expected: a number such as 100, or a share such as 0.1%)");
            err.flush();
            return Running.WRONG;
        }
        Loaded<GatewayConfig> loaded = load(policies, err);
        PolicySet candidate = loaded == null ? null : set(loaded, err);
        PolicySet other = null;
        if (against != null) {
            Loaded<GatewayConfig> second = load(against, err);
            other = second == null ? null : set(second, err);
        }
        err.flush();
        if (loaded == null || candidate == null || (against != null && other == null)) {
            return Running.WRONG;
        }
        try {
            long start = System.nanoTime();
            Replay.Outcome outcome = Replays.run(loaded.value(), set, candidate, other, samples, files);
            return report(outcome, System.nanoTime() - start, tolerated);
        } catch (IOException unusable) {
            err.println(unusable.getMessage());
            err.flush();
            return Running.WRONG;
        }
    }

    private @Nullable Loaded<GatewayConfig> load(List<String> paths, PrintWriter err) {
        // Whoever replays need not have an origin, and asks nobody.
        Loaded<GatewayConfig> loaded = options.load(
                System.getenv(),
                Map.of("origin.url", "http://127.0.0.1:1"),
                Map.of("mode", "local", "policies.path", String.join(",", paths)));
        loaded.problems().forEach(err::println);
        return loaded.isValid() ? loaded : null;
    }

    private static @Nullable PolicySet set(Loaded<GatewayConfig> loaded, PrintWriter err) {
        Policies read = Policies.load(loaded.value());
        // Nobody is sent anywhere, so it does not matter where to.
        List<?> problems = read.problems().stream()
                .filter(problem -> !problem.path().equals("challenge.url"))
                .toList();
        problems.forEach(err::println);
        return problems.isEmpty() ? read.set() : null;
    }

    private int report(Replay.Outcome outcome, long nanos, double tolerated) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%,d requests at %,d a second, %,d compared, %,d lines unreadable%n",
                outcome.requests(),
                outcome.requests() * TimeUnit.SECONDS.toNanos(1) / Math.max(1, nanos),
                outcome.compared(),
                outcome.unreadable());
        if (outcome.others() > 0) {
            out.printf(Locale.ROOT, "%,d left out, as other policies decide about them%n", outcome.others());
        }
        long different = outcome.different();
        out.printf(
                Locale.ROOT,
                "%,d different (%.3f %%)%n",
                different,
                (double) PERCENT * different / Math.max(1, outcome.compared()));
        outcome.differences().forEach(difference -> print(out, difference));
        out.flush();
        boolean share = tolerate.endsWith("%");
        double most = share ? tolerated / PERCENT * outcome.compared() : tolerated;
        return different > most || outcome.compared() == 0 ? 1 : 0;
    }

    private static void print(PrintWriter out, Difference difference) {
        out.printf(Locale.ROOT, "%n%s  %,d%n", difference.label(), difference.count());
        difference.rules(TOP).forEach(rule -> out.printf(Locale.ROOT, "  %,8d  %s%n", rule.getValue(), rule.getKey()));
        out.println("  by visitor");
        difference
                .visitors(TOP)
                .forEach(visitor -> out.printf(Locale.ROOT, "  %,8d  %s%n", visitor.getValue(), visitor.getKey()));
        if (!difference.samples().isEmpty()) {
            out.println("  such as");
        }
        difference.samples().forEach(sample -> out.println("    " + sample));
    }

    private static double tolerated(String text) {
        try {
            double number = Double.parseDouble(text.endsWith("%") ? text.substring(0, text.length() - 1) : text);
            return number >= 0 ? number : Double.NaN;
        } catch (NumberFormatException noNumber) {
            return Double.NaN;
        }
    }
}
