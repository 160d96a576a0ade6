package com.esperr.gateway.cli;

import com.esperr.gateway.keys.KeyFile;
import com.esperr.gateway.keys.NewKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes an API key, prints it once and keeps only its hash; confined to the main thread. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Makes an API key of a tenant and prints it; it is shown this once, and only its hash is kept.",
        footer = {"", "Example: esper-gateway keys create --tenant shop --file data/keys.jsonl"})
final class KeysCreateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private KeyFileOption keys;

    @Option(names = "--tenant", paramLabel = "ID", required = true, description = "Whose key it is.")
    private String tenant = "";

    @Option(names = "--note", paramLabel = "TEXT", description = "What people want to know about it.")
    private @Nullable String note;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        String objection = keys.objection(tenant);
        if (objection != null) {
            throw new ParameterException(spec.commandLine(), objection);
        }
        KeyFile file = keys.find(err);
        if (file == null) {
            return Running.WRONG;
        }
        NewKey made = NewKey.random(
                tenant, note, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        try {
            file.add(made.entry());
        } catch (IOException failed) {
            err.println(file.path() + ": cannot be written: " + failed.getMessage());
            err.flush();
            return Running.FAILED;
        }
        spec.commandLine().getOut().println(made.text());
        spec.commandLine().getOut().flush();
        err.println("key " + made.entry().id() + " of tenant " + tenant + ": kept as its hash in " + file.path());
        err.flush();
        return 0;
    }
}
