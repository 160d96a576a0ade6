package com.esperr.gateway.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves {@code ${…}} against the configuration itself and, after that, against environment variables named
 * {@code ESPER_…} or {@code PORT}: a file that somebody else wrote must not carry other variables of the process to where
 * they can be seen. System properties are never read. Confined to the thread that reads the configuration.
 */
final class Substitutions {
    private static final String STAND_IN = "(unresolved substitution)";
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\??([^}]*)}");
    private static final int MAX_PROBLEMS = 100;
    private static final String EXPECTATION = "a key of the configuration, or a variable named ESPER_… or PORT";

    private final Map<String, String> environment;
    private final Hocon hocon;
    private final Set<String> unresolved = new HashSet<>();
    private final Set<String> withheld = new TreeSet<>();

    Substitutions(Map<String, String> environment, Hocon hocon) {
        this.environment = environment;
        this.hocon = hocon;
    }

    static boolean isStandIn(ConfigOrigin origin) {
        return origin.description().contains(STAND_IN);
    }

    /** The configuration without substitutions; null when its problems leave nothing to read. */
    @Nullable
    Config resolve(Config config) {
        ConfigResolveOptions options = ConfigResolveOptions.noSystem().appendResolver(new Lookup());
        try {
            // The library stops at the first failure, so each is given a stand-in and the next is looked for.
            for (int i = 0; i < MAX_PROBLEMS; i++) {
                try {
                    return config.resolve(options);
                } catch (ConfigException.UnresolvedSubstitution missing) {
                    if (!record(missing)) {
                        return null;
                    }
                }
            }
        } catch (ConfigException malformed) {
            if (unresolved.isEmpty()) {
                hocon.report(place(malformed), "substituted where it does not fit", "values of one kind");
            }
        } catch (StackOverflowError cyclic) {
            hocon.report(new Location("configuration", 0), "substitutions nested too deeply", "fewer of them");
        } finally {
            withheld.forEach(name -> hocon.warnings()
                    .add("environment " + name + ": not used by ${" + name + "} (expected: " + EXPECTATION + ")"));
        }
        return null;
    }

    private boolean record(ConfigException.UnresolvedSubstitution missing) {
        Matcher matcher = EXPRESSION.matcher(String.valueOf(missing.getMessage()));
        String path = matcher.find() ? matcher.group(1) : "";
        boolean first = unresolved.add(path);
        if (first) {
            boolean cycle = missing.getCause() != null;
            String value = cycle ? "${" + path + "} refers to itself" : "${" + path + "} has no value";
            hocon.report(place(missing), value, EXPECTATION);
        }
        return first;
    }

    private static Location place(ConfigException exception) {
        return exception.origin() == null ? new Location("configuration", 0) : Location.of(exception.origin());
    }

    private final class Lookup implements ConfigResolver {
        @Override
        public @Nullable ConfigValue lookup(String path) {
            if (unresolved.contains(path)) {
                return ConfigValueFactory.fromAnyRef("", STAND_IN);
            }
            List<String> keys = ConfigUtil.splitPath(path);
            // A file included below a key has its own references prefixed with that key.
            String name = keys.get(keys.size() - 1);
            String value = environment.get(name);
            if (value == null) {
                return null;
            }
            if (name.startsWith(Keys.ENVIRONMENT_PREFIX) || name.equals("PORT")) {
                return ConfigValueFactory.fromAnyRef(value, "environment " + name);
            }
            withheld.add(name);
            return null;
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
            return this;
        }
    }
}
