package com.esperr.gateway.cli;

import com.esperr.gateway.keys.KeyEntry;
import com.esperr.gateway.keys.KeyFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists what is kept of API keys; confined to the main thread. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Lists the API keys by their ids, a line each: id, tenant, created, state, note.")
final class KeysListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private KeyFileOption keys;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        KeyFile file = keys.find(err);
        if (file == null) {
            return Running.WRONG;
        }
        try {
            for (KeyEntry entry : file.read()) {
                String state = entry.revoked() == null ? "active" : "revoked " + entry.revoked();
                String note = entry.note() == null ? "" : entry.note();
                out.println(String.join("\t", entry.id(), entry.tenantId(), entry.created(), state, note));
            }
        } catch (IOException failed) {
            err.println(file.path() + ": cannot be read: " + failed.getMessage());
            err.flush();
            return Running.FAILED;
        }
        out.flush();
        return 0;
    }
}
