package com.esperr.gateway.esper;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Loaded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Esper configurations as they are read, on top of the reference. */
final class Configs {
    static final String KEY = "key-4711";

    private Configs() {}

    /** A sound configuration: the reference, a key, and what {@code hocon} says inside the section. */
    static EsperConfig of(String hocon) {
        return load("api-key = " + KEY + "\n" + hocon).value();
    }

    /** The section with what {@code hocon} says on top of the reference. */
    static Loaded<EsperConfig> load(String hocon) {
        try {
            Path file = Files.createTempFile("esper", ".conf");
            try {
                Files.writeString(file, "esper {\n" + hocon + "\n}\n");
                return Configurations.read(
                        ConfigSource.load(file, Map.of(), Map.of()),
                        root -> EsperConfig.read(root.section("esper"), true));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
