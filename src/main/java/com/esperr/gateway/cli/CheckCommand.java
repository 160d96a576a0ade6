package com.esperr.gateway.cli;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.boot.Policies;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Validates configuration and policies and prints every problem; confined to the main thread. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Validates configuration and policies; prints all problems at once. Exit code 0 or 2.")
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--print", description = "Also print every key in force, with where it came from; secrets masked.")
    private boolean print;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Loaded<GatewayConfig> loaded = options.load(System.getenv(), java.util.Map.of());
        List<Problem> problems = new ArrayList<>(loaded.problems());
        loaded.warnings().forEach(warning -> err.println("warning: " + warning));
        if (print) {
            out.print(loaded.render());
        }
        if (loaded.isValid()) {
            GatewayConfig config = loaded.value();
            Policies policies = Policies.load(config);
            problems.addAll(policies.problems());
            if (problems.isEmpty()) {
                Banner.warnings(config).forEach(warning -> err.println("warning: " + warning));
                out.println("ok: mode " + config.mode().label() + ", " + policies.summary());
            }
        }
        problems.forEach(err::println);
        out.flush();
        err.flush();
        return problems.isEmpty() ? 0 : 2;
    }
}
