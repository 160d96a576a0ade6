package com.esperr.gateway.cli;

import com.esperr.gateway.beacon.Beacon;
import com.esperr.gateway.beacon.BeaconCounts;
import com.esperr.gateway.beacon.DropReason;
import com.esperr.gateway.boot.Gateway;
import com.esperr.gateway.policy.RequestFilter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The gateway that only watches: no policy is asked, nothing is enforced, every request is forwarded whatever happens to
 * Esper, and each becomes an event. Confined to the main thread, but for the line of figures.
 */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Forwards every request and tells Esper about it; nothing is decided or enforced.",
        footer = {
            "",
            "Example: esper-gateway capture run --origin http://127.0.0.1:3000 --dry-run",
            "Without --dry-run it needs ESPER_API_KEY and esper.tenant-id (ESPER_ESPER_TENANT_ID)."
        })
final class CaptureRunCommand implements Callable<Integer> {
    private static final String A_CONDITION =
            "a condition such as { field = request_path, operator = starts_with, value = /api }, or a file that holds one";

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--dry-run", description = "Print the events on standard output instead of sending them.")
    private boolean dryRun;

    @Option(names = "--stats", description = "Show a line of figures on standard error, renewed every second.")
    private boolean stats;

    @Option(
            names = "--filter",
            paramLabel = "CONDITION|FILE",
            description =
                    "Only these requests become events: a condition as in policies, or a file that holds one, e.g."
                            + " '{ field = request_path, operator = starts_with, value = /api }'.")
    private @Nullable String filter;

    @Override
    public Integer call() throws InterruptedException {
        String condition;
        try {
            condition = condition(filter);
        } catch (IllegalArgumentException unusable) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("--filter: " + unusable.getMessage());
            err.flush();
            return Running.WRONG;
        }
        Checked checked = Checked.of(options.load(System.getenv(), defaults(), forced(condition)));
        return Running.run(checked, stats ? CaptureRunCommand::showFigures : gateway -> {});
    }

    private Map<String, String> defaults() {
        // Events are printed where the access log would be.
        return dryRun ? Map.of("log.access", "off") : Map.of();
    }

    private Map<String, String> forced(@Nullable String condition) {
        Map<String, String> forced = new LinkedHashMap<>();
        forced.put("mode", "monitor");
        forced.put("monitor.source", "local");
        forced.put("policies.path", "");
        // Not even the paths that are ours are answered here.
        forced.put("challenge.hosted.enabled", "false");
        forced.put("beacon.mode", dryRun ? "dry-run" : "on");
        if (condition != null) {
            forced.put("beacon.filter", condition);
        }
        return forced;
    }

    /** The condition that {@code text} is or names; here rather than with the rest, which would not say what is wrong with it. */
    private static @Nullable String condition(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String condition = text.strip().startsWith("{") ? text : content(text);
        RequestFilter.parse(condition);
        return condition;
    }

    private static String content(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | InvalidPathException unreadable) {
            throw new IllegalArgumentException(file + " cannot be read (expected: " + A_CONDITION + ")", unreadable);
        }
    }

    private static void showFigures(Gateway gateway) {
        Beacon beacon = gateway.beacon();
        if (beacon != null) {
            Thread thread = new Thread(() -> figures(beacon), "figures");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void figures(Beacon beacon) {
        BeaconCounts counts = beacon.counts();
        try {
            while (true) {
                long dropped = Stream.of(DropReason.values())
                        .mapToLong(counts::dropped)
                        .sum();
                System.err.printf(
                        "\r%d events, %d sent, %d on disk (%d KiB), %d failed calls, %d put aside, %d dropped   ",
                        counts.queued(),
                        counts.sent(),
                        counts.spool().events(),
                        counts.spool().bytes() >> 10,
                        counts.failures(),
                        counts.deadLetters(),
                        dropped);
                System.err.flush();
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
