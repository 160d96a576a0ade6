package com.esperr.gateway.cli;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.keys.KeyFile;
import com.esperr.gateway.server.ServerConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which file of keys a command is about; confined to the main thread. */
final class KeyFileOption {
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\s](?:[^\\p{Cntrl}]{0,126}[^\\p{Cntrl}\\s])?");

    @Mixin
    private ConfigOptions options;

    @Option(names = "--file", paramLabel = "FILE", description = "The file of keys. Default: server.keys-file.")
    private @Nullable Path file;

    /** What speaks against a key of {@code tenant}, or null: the configuration names others, or it is no name. */
    @Nullable
    String objection(String tenant) {
        if (!NAME.matcher(tenant).matches()) {
            return "--tenant: \"" + tenant + "\" (expected: the id of a tenant)";
        }
        GatewayConfig sketch = options.load(System.getenv(), Map.of()).sketch();
        List<String> known = sketch == null
                ? List.of()
                : sketch.server().tenants().stream()
                        .map(ServerConfig.TenantConfig::id)
                        .toList();
        boolean stranger = !known.isEmpty() && !known.contains(tenant);
        return stranger ? "--tenant: " + tenant + " (expected: one of " + String.join(", ", known) + ")" : null;
    }

    /** The file, or null after saying on {@code err} what is missing. */
    @Nullable
    KeyFile find(PrintWriter err) {
        if (file != null) {
            return new KeyFile(file);
        }
        // Of the configuration only this key is looked at: the rest need not be in order.
        Loaded<GatewayConfig> loaded = options.load(System.getenv(), Map.of());
        GatewayConfig sketch = loaded.sketch();
        Path configured = sketch == null ? null : sketch.server().keysFile();
        if (configured == null) {
            err.println("server.keys-file: missing (expected: the file of keys, or --file FILE)");
            err.flush();
            return null;
        }
        return new KeyFile(configured);
    }
}
