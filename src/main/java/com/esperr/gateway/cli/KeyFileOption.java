package com.esperr.gateway.cli;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.keys.KeyFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which file of keys a command is about; confined to the main thread. */
final class KeyFileOption {
    @Mixin
    private ConfigOptions options;

    @Option(names = "--file", paramLabel = "FILE", description = "The file of keys. Default: server.keys-file.")
    private @Nullable Path file;

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
