package com.esperr.gateway.cli;

import com.esperr.gateway.boot.FilePlaces;
import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.boot.Policies;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Validates configuration and policies and prints every problem; confined to the main thread. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Validates configuration and policies; prints all problems at once. Exit code 0 or 2.")
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--print", description = "Also print every key in force, with where it came from; secrets masked.")
    private boolean print;

    @Option(
            names = "--server",
            description = "Check what \"esper-gateway server\" would run, with all tenants' policies.")
    private boolean server;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (server) {
            return service(out, err);
        }
        Checked checked = Checked.of(options.load(System.getenv(), Map.of()));
        if (print) {
            out.print(checked.loaded().render());
        }
        checked.warnings().forEach(warning -> err.println("warning: " + warning));
        List<Problem> problems =
                checked.loaded().isValid() ? withFiles(checked.problems(), checked.loaded()) : checked.problems();
        problems.forEach(err::println);
        Policies policies = checked.policies();
        boolean ok = false;
        if (problems.isEmpty() && policies != null) {
            ok = true;
            GatewayConfig config = checked.loaded().value();
            out.println("ok: mode " + config.mode().label() + ", listening on " + config.listening() + ", "
                    + policies.summary() + passed(policies.tests()));
        }
        out.flush();
        err.flush();
        return ok ? 0 : Running.WRONG;
    }

    private static List<Problem> withFiles(List<Problem> problems, Loaded<GatewayConfig> loaded) {
        return Stream.concat(problems.stream(), FilePlaces.problems(loaded).stream())
                .sorted()
                .toList();
    }

    private int service(PrintWriter out, PrintWriter err) {
        CheckedService checked = CheckedService.of(options);
        if (print) {
            out.print(checked.loaded().render());
        }
        checked.warnings().forEach(warning -> err.println("warning: " + warning));
        checked.problems().forEach(err::println);
        String summary = checked.summary();
        if (summary != null) {
            out.println("ok: " + summary);
        }
        out.flush();
        err.flush();
        return summary == null ? Running.WRONG : 0;
    }

    /** How many tests were passed, as the end of a sentence; empty if there are none. */
    static String passed(int tests) {
        return tests == 0 ? "" : ", " + tests + (tests == 1 ? " test passed" : " tests passed");
    }
}
