package com.esperr.gateway.bots;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Loaded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Configurations of bots for tests. */
final class BotsConfigs {
    private BotsConfigs() {}

    /** The defaults with this below {@code bots}. */
    static Loaded<BotsConfig> read(Path directory, String text) {
        try {
            Path file = Files.writeString(directory.resolve("bots.conf"), "bots { " + text + " }");
            return Configurations.read(
                    ConfigSource.load(file, Map.of(), Map.of())
                            .withReference(ConfigSource.reference("bots-reference", reference())),
                    root -> BotsConfig.read(root.section("bots")));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    static BotsConfig of(Path directory, String text) {
        return read(directory, text).value();
    }

    /** The section as it stands in the reference. */
    private static String reference() throws IOException {
        String all = Files.readString(Path.of("src", "main", "resources", "reference.conf"));
        int start = all.indexOf("\nbots {");
        return all.substring(start, all.indexOf("\n}\n", start) + 3);
    }
}
