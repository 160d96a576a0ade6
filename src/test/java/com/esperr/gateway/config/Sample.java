package com.esperr.gateway.config;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A small reference and the shortest ways to read something on top of it. */
final class Sample {
    static final String REFERENCE = """
            # Which decisions are asked.
            mode = local
            listen {
              # Host and port.
              address = "127.0.0.1:8080"
              backlog = 128
            }
            esper { api-key = null, url = "https://api.example" }
            limits {
              header-bytes = 64 KiB
              timeout = 10 s
              ratio = 0.5
              enabled = true
            }
            trusted = ["127.0.0.1"]
            headers {}
            routes = []
            pools {}
            policies = []
            """;

    private Sample() {}

    static Config reference() {
        return ConfigSource.reference("reference.conf", REFERENCE);
    }

    static Path write(Path directory, String name, String text) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads options, the layer that needs no file, over the reference. */
    static <T> Loaded<T> read(Map<String, String> options, Function<Section, T> reader) {
        return Configurations.read(ConfigSource.load(null, Map.of(), options).withReference(reference()), reader);
    }

    static <T> Loaded<T> readFile(Path file, Function<Section, T> reader) {
        return Configurations.read(ConfigSource.load(file, Map.of(), Map.of()).withReference(reference()), reader);
    }

    static <T> Loaded<T> readEnvironment(
            Map<String, String> environment, List<Alias> aliases, Function<Section, T> reader) {
        ConfigSource source = ConfigSource.load(null, environment, Map.of())
                .withReference(reference())
                .withAliases(aliases);
        return Configurations.read(source, reader);
    }

    /** The problems as lines, without the directory the test happens to use. */
    static List<String> lines(Loaded<?> loaded, Path directory) {
        return loaded.problems().stream()
                .map(problem -> problem.toString().replace(directory + "/", ""))
                .toList();
    }
}
