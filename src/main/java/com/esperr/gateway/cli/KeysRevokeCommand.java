package com.esperr.gateway.cli;

import com.esperr.gateway.keys.KeyFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Revokes an API key; confined to the main thread. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Revokes an API key; a running service notices within server.keys-interval.")
final class KeysRevokeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private KeyFileOption keys;

    @Parameters(paramLabel = "ID", description = "The id of the key, as \"keys list\" shows it.")
    private String id = "";

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        KeyFile file = keys.find(err);
        if (file == null) {
            return Running.WRONG;
        }
        boolean revoked;
        try {
            revoked = file.revoke(
                    id, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        } catch (IOException failed) {
            err.println(file.path() + ": cannot be changed: " + failed.getMessage());
            err.flush();
            return Running.FAILED;
        }
        err.println(
                revoked
                        ? "key " + id + ": revoked"
                        : "key " + id + ": none (expected: an active key of " + file.path() + ")");
        err.flush();
        return revoked ? 0 : Running.FAILED;
    }
}
