package com.esperr.gateway.cli;

import com.esperr.gateway.boot.ChallengeSetup;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Asks everybody who is needed for a challenge and prints who is not set up; confined to the main thread. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Asks the providers of challenges, and Esper, about a made-up answer, which says whether the keys are accepted.",
            "Exit code 0, 1 if something is wrong, or 2 for the configuration."
        })
final class ChallengeTestCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        // Challenges are tried where nothing is forwarded.
        Checked checked = Checked.of(options.load(System.getenv(), Map.of("origin.url", "http://127.0.0.1:1")));
        if (!checked.problems().isEmpty()) {
            checked.problems().forEach(err::println);
            err.flush();
            return Running.WRONG;
        }
        List<ChallengeSetup.Finding> findings =
                ChallengeSetup.test(checked.loaded().value());
        boolean fine = true;
        for (ChallengeSetup.Finding finding : findings) {
            fine &= finding.trouble() == null;
            out.println((finding.trouble() == null ? "ok      " : "failed  ")
                    + finding.what()
                    + (finding.trouble() == null ? "" : ": " + finding.trouble()));
        }
        out.flush();
        return fine ? 0 : 1;
    }
}
