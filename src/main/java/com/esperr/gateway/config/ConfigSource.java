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

    static Config standardReference() {
        try (InputStream in = ConfigSource.class.getResourceAsStream("/" + REFERENCE)) {
            if (in == null) {
                throw new IllegalStateException(REFERENCE + ": missing (expected: on the class path)");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return reference(REFERENCE, text);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Config reference() {
        return reference == null ? standardReference() : reference;
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
