package com.esperr.gateway.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where configuration comes from, lowest to highest: the reference on the class path, one file, the environment, the
 * options of the command line. Nothing is read before {@link Configurations#read}. Immutable.
 */
public final class ConfigSource {
    static final String REFERENCE = "reference.conf";

    private final @Nullable Config reference;
    private final @Nullable Path file;
    private final Map<String, String> environment;
    private final Map<String, String> options;
    private final List<Alias> aliases;

    private ConfigSource(
            @Nullable Config reference,
            @Nullable Path file,
            Map<String, String> environment,
            Map<String, String> options,
            List<Alias> aliases) {
        this.reference = reference;
        this.file = file;
        this.environment = Map.copyOf(environment);
        this.options = Map.copyOf(options);
        this.aliases = List.copyOf(aliases);
    }

    /**
     * A source with the product's reference and no aliases.
     *
     * @param options values by path ({@code limits.body}) or by the name of an option that an alias explains
     */
    public static ConfigSource load(@Nullable Path file, Map<String, String> environment, Map<String, String> options) {
        return new ConfigSource(null, file, environment, options, List.of());
    }

    /** The same with short names for variables and options. */
    public ConfigSource withAliases(List<Alias> names) {
        return new ConfigSource(reference, file, environment, options, names);
    }

    /** The same with another reference, made by {@link #reference(String, String)}. */
    public ConfigSource withReference(Config other) {
        return new ConfigSource(other, file, environment, options, aliases);
    }

    /** Parses a text that resolves by itself, such as a reference; its mistakes are the caller's and throw. */
    public static Config reference(String name, String text) {
        ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(name);
        return ConfigFactory.parseString(text, options).resolve(ConfigResolveOptions.noSystem());
    }

    /** The product's reference, with the comments of its keys. */
    static Config standardReference() {
        return reference(REFERENCE, standardText());
    }

    /** The same without comments, which are half of it and take as long to read. */
    static Config standardDefaults() {
        return reference(REFERENCE, withoutComments(standardText()));
    }

    /** {@code text} with each line that is a comment left empty, so that others keep their numbers. */
    private static String withoutComments(String text) {
        StringBuilder left = new StringBuilder(text.length());
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start) + 1;
            end = end == 0 ? text.length() : end;
            int first = start;
            while (first < end && text.charAt(first) == ' ') {
                first++;
            }
            if (first < end && text.charAt(first) == '#') {
                left.append('\n');
            } else {
                left.append(text, start, end);
            }
            start = end;
        }
        return left.toString();
    }

    private static String standardText() {
        try (InputStream in = ConfigSource.class.getResourceAsStream("/" + REFERENCE)) {
            if (in == null) {
                throw new IllegalStateException(REFERENCE + ": missing (expected: on the class path)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Config reference() {
        return reference == null ? standardDefaults() : reference;
    }

    @Nullable
    Path file() {
        return file;
    }

    Map<String, String> environment() {
        return environment;
    }

    Map<String, String> options() {
        return options;
    }

    List<Alias> aliases() {
        return aliases;
    }
}
