package com.esperr.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The entry to this package: runs a reader over a configuration and collects everything that is wrong. Stateless. */
public final class Configurations {
    private Configurations() {}

    /** Reads all layers of a source with the product's keys; keys that are neither in the reference nor read are wrong. */
    public static <T> Loaded<T> read(ConfigSource source, Function<Section, T> reader) {
        return read(Layers.of(source), source, reader);
    }

    /** The same of layers that are there already. */
    static <T> Loaded<T> read(Layers layers, ConfigSource source, Function<Section, T> reader) {
        KnownKeys known = KnownKeys.of(layers.defaults().root());
        return read(layers, known, new Location("reference.conf", 0), source, reader);
    }

    /**
     * Reads one file by itself, such as a policy file: no reference, no environment, no includes. Keys that the reader
     * does not read are wrong.
     */
    public static <T> Loaded<T> readFile(Path file, Function<Section, T> reader) {
        return read(Layers.of(file), new KnownKeys(), new Location(file.toString(), 0), null, reader);
    }

    private static <T> Loaded<T> read(
            Layers layers,
            KnownKeys known,
            Location where,
            @Nullable ConfigSource source,
            Function<Section, T> reader) {
        Reading reading = new Reading(layers.masking());
        boolean unreadable = layers.effective().isEmpty() && !layers.problems().isEmpty();
        Section root = new Section(
                // When a file could not be read at all every key is missing, and saying so would bury why.
                unreadable ? reading.muted() : reading,
                "",
                where,
                layers.effective().root(),
                source != null ? layers.defaults().root() : null,
                known);
        List<Problem> problems = new ArrayList<>(layers.problems());
        T value = attempt(reader, root, reading, problems);
        reading.problems().stream()
                .filter(problem -> !layers.followsFromUnreadFile(problem))
                .forEach(problems::add);
        if (value != null) {
            // A reader that gave up has not said what else it knows.
            problems.addAll(UnknownKeys.in(layers.effective().root(), known));
        }
        List<Problem> sorted = problems.stream().distinct().sorted().toList();
        return new Loaded<>(value, sorted, layers, source, reader);
    }

    private static <T> @Nullable T attempt(
            Function<Section, T> reader, Section root, Reading reading, List<Problem> problems) {
        try {
            return reader.apply(root);
        } catch (RuntimeException failed) {
            // Stand-ins may contradict each other; what was found wrong explains it better than the exception.
            if (problems.isEmpty() && reading.problems().isEmpty()) {
                throw failed;
            }
            return null;
        }
    }
}
