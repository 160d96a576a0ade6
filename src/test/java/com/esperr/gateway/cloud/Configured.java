package com.esperr.gateway.cloud;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Section;
import com.esperr.gateway.esper.EsperConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Section {@code esper} as both packages read it. Immutable. */
record Configured(EsperConfig esper, CloudConfig cloud) {
    /** The reference and what {@code hocon} says inside the section. */
    static Configured of(String hocon) {
        try {
            Path file = Files.createTempFile("cloud", ".conf");
            try {
                Files.writeString(file, "esper {\n" + hocon + "\n}\n");
                return Configurations.read(ConfigSource.load(file, Map.of(), Map.of()), Configured::read)
                        .value();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Configured read(Section root) {
        Section section = root.section("esper");
        return new Configured(EsperConfig.read(section, true), CloudConfig.read(section));
    }
}
