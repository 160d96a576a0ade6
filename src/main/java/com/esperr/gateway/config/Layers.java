package com.esperr.gateway.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The layers of a source put on top of each other and resolved, with what went wrong on the way.
 *
 * @param effective everything, highest layer first
 * @param defaults the reference alone
 * @param fileUnread whether there is a file of which something could not be read
 * @param files those that were read, or would have been had they been there
 */
record Layers(
        Config effective,
        Config defaults,
        Masking masking,
        List<Problem> problems,
        List<String> warnings,
        boolean fileUnread,
        List<Path> files) {

    static Layers of(ConfigSource source) {
        Hocon hocon = new Hocon();
        Config defaults = source.reference();
        Environment environment = new Environment(source.environment(), KeyCatalogue.keys(defaults), source.aliases());
        hocon.warnings().addAll(environment.warnings());
        Config above = options(source, hocon).withFallback(environment.layer());
        Path path = source.file();
        int before = hocon.problems().size();
        Config file = path == null ? ConfigFactory.empty() : hocon.file(path);
        boolean unread = hocon.problems().size() > before;
        Config effective = new Substitutions(source.environment(), hocon)
                .resolve(above.withFallback(file).withFallback(defaults));
        if (effective == null) {
            // The file is unusable, but what is wrong with the other layers shall still be said.
            effective = above.withFallback(defaults);
            unread = true;
        }
        Masking masking = Masking.of(effective.root(), defaults.root(), environment.secrets());
        return new Layers(
                effective, defaults, masking, hocon.problems(), hocon.warnings(), unread, List.copyOf(hocon.looked()));
    }

    /** One file by itself: no reference, no environment, no includes. */
    static Layers of(Path path) {
        Hocon hocon = new Hocon();
        Config effective = new Substitutions(Map.of(), hocon).resolve(hocon.alone(path));
        Config empty = ConfigFactory.empty();
        Config usable = effective == null ? empty : effective;
        Masking masking = Masking.of(usable.root(), empty.root(), List.of());
        return new Layers(usable, empty, masking, hocon.problems(), hocon.warnings(), effective == null, List.of(path));
    }

    /** The same with other values, of which every key is one that was read before. */
    Layers with(Config other) {
        return new Layers(other, defaults, masking, problems, warnings, fileUnread, files);
    }

    /** Whether a problem only says that a key has its default, which a file that was not read may have changed. */
    boolean followsFromUnreadFile(Problem problem) {
        return fileUnread && problem.place().startsWith(ConfigSource.REFERENCE + ":");
    }

    private static Config options(ConfigSource source, Hocon hocon) {
        Config layer = ConfigFactory.empty();
        for (Map.Entry<String, String> option : new TreeMap<>(source.options()).entrySet()) {
            Alias alias = alias(source, option.getKey());
            String place = "option " + alias.name();
            try {
                String value = alias.rewrite().apply(option.getValue());
                layer = layer.withValue(alias.path(), ConfigValueFactory.fromAnyRef(value, place));
            } catch (ConfigException malformed) {
                hocon.report(new Location(place, 0), "not a key", "a path such as limits.body");
            }
        }
        return layer;
    }

    /** What an option sets: the alias of that name, else the key of that path under the name an alias gives it. */
    private static Alias alias(ConfigSource source, String option) {
        List<Alias> aliases = source.aliases().stream().filter(Alias::isOption).toList();
        for (Alias alias : aliases) {
            if (alias.name().equals(option)) {
                return alias;
            }
        }
        for (Alias alias : aliases) {
            if (alias.path().equals(option)) {
                return Alias.of(alias.name(), option);
            }
        }
        return Alias.of(option, option);
    }
}
