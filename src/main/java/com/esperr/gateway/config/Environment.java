package com.esperr.gateway.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Environment variables as a layer of configuration: each key's systematic variable, then the aliases in their order.
 * An empty variable counts as not set. Confined to the thread that reads the configuration.
 */
final class Environment {
    /** What Kubernetes puts into every container for each service of the namespace. */
    private static final Pattern SERVICE = Pattern.compile(
            "(\\w+?)_(?:SERVICE_HOST|SERVICE_PORT(?:_\\w+)?|PORT(?:_\\d+_(?:TCP|UDP|SCTP)(?:_\\w+)?)?)");

    private final Map<String, String> variables;
    private final Map<String, String> setBy = new HashMap<>();
    private final Set<String> names = new TreeSet<>();
    private final List<String> warnings = new ArrayList<>();
    private Config layer = ConfigFactory.empty();

    Environment(Map<String, String> variables, Collection<String> keys, List<Alias> aliases) {
        this.variables = variables;
        for (String key : keys) {
            take(Alias.of(Keys.environmentName(key), key));
        }
        aliases.stream().filter(alias -> !alias.isOption()).forEach(this::take);
        new TreeSet<>(variables.keySet()).forEach(this::checkKnown);
    }

    Config layer() {
        return layer;
    }

    List<String> warnings() {
        return warnings;
    }

    /** The values of variables that are named like secrets, whether or not a key has them. */
    Set<String> secrets() {
        Set<String> secrets = new HashSet<>();
        variables.forEach((name, value) -> {
            if (name.startsWith(Keys.ENVIRONMENT_PREFIX) && Masking.sensitive(name)) {
                secrets.add(value);
            }
        });
        return secrets;
    }

    private void take(Alias alias) {
        names.add(alias.name());
        String value = variables.get(alias.name());
        if (value == null || value.isBlank() || alias.path().isEmpty()) {
            return;
        }
        String earlier = setBy.putIfAbsent(alias.path(), alias.name());
        if (earlier == null) {
            layer = layer.withValue(
                    alias.path(),
                    ConfigValueFactory.fromAnyRef(alias.rewrite().apply(value), "environment " + alias.name()));
        } else if (!earlier.equals(alias.name()) && alias.name().startsWith(Keys.ENVIRONMENT_PREFIX)) {
            // Only for our own names: a platform always sets PORT, and that it loses is the intention.
            warnings.add("environment " + alias.name() + ": ignored, " + earlier + " sets " + alias.path() + " too");
        }
    }

    private void checkKnown(String name) {
        if (!name.startsWith(Keys.ENVIRONMENT_PREFIX) || names.contains(name) || isService(name)) {
            return;
        }
        String nearest = Nearest.of(name, names);
        String hint = nearest == null ? "" : " (did you mean " + nearest + "?)";
        warnings.add("environment " + name + ": unknown variable, ignored" + hint);
    }

    private boolean isService(String name) {
        Matcher matcher = SERVICE.matcher(name);
        return matcher.matches() && variables.containsKey(matcher.group(1) + "_SERVICE_HOST");
    }
}
