package com.esperr.gateway.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps secrets out of messages and renderings: the values of keys that are named like secrets, those same values where a
 * substitution copied them elsewhere, and user information in URLs. Immutable.
 */
final class Masking {
    static final String MASK = "***";
    /** Knows no secrets yet; for what is said before the configuration is there. */
    static final Masking NONE = new Masking(Set.of());

    private static final List<String> WORDS = List.of("key", "secret", "token", "password", "passphrase", "credential");
    /** Esper's name for the fields that tell one visitor from another; without it, messages about policies would hide them. */
    private static final String NO_SECRET = "key_fields";

    /** The name of a file that holds a secret is none, and nobody can mend a path that is not shown. */
    private static final String FILE = "-file";

    private static final Pattern USER_INFO = Pattern.compile("://[^/?#\\s]*@");
    private static final int MAX_SHOWN = 200;
    // Shorter texts are no secrets but words, and hiding every "on" in a message would make it unreadable.
    private static final int MIN_SECRET = 8;

    private final List<String> secrets;

    private Masking(Set<String> secrets) {
        this.secrets = secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** Collects the secrets of a configuration: texts below sensitive keys that differ from the public defaults. */
    static Masking of(ConfigObject values, ConfigObject defaults, Iterable<String> more) {
        Set<String> secrets = new TreeSet<>();
        for (String secret : more) {
            add(secret, secrets);
        }
        collect(values, defaults, false, secrets);
        return new Masking(secrets);
    }

    static boolean sensitive(String name) {
        String lower = name.toLowerCase(Locale.ROOT).replace(NO_SECRET, "");
        return WORDS.stream().anyMatch(lower::contains);
    }

    /** Whether the value of this key is a secret. */
    private static boolean sensitiveKey(String key) {
        return sensitive(key) && !key.endsWith(FILE);
    }

    /** The value of a key as it may be shown: on one line, of bounded length, without secrets. */
    String shown(String path, String value) {
        return sensitiveKey(path) ? MASK : scrub(value);
    }

    String scrub(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, MASK);
        }
        clean = USER_INFO.matcher(clean).replaceAll("://" + MASK + "@");
        // A line break in a value would forge a line of the report.
        clean = clean.replaceAll("\\p{Cntrl}", " ");
        return clean.length() <= MAX_SHOWN ? clean : clean.substring(0, MAX_SHOWN) + "…";
    }

    private static void collect(
            ConfigValue value, @Nullable ConfigValue standard, boolean sensitive, Set<String> secrets) {
        if (value instanceof ConfigObject object) {
            ConfigObject defaults = Values.object(standard);
            object.forEach((key, child) -> collect(
                    child, defaults == null ? null : defaults.get(key), sensitive || sensitiveKey(key), secrets));
        } else if (value instanceof ConfigList list) {
            list.forEach(child -> collect(child, null, sensitive, secrets));
        } else if (sensitive && value.valueType() == ConfigValueType.STRING && !value.equals(standard)) {
            add((String) value.unwrapped(), secrets);
        }
    }

    private static void add(String secret, Set<String> secrets) {
        if (secret.length() >= MIN_SECRET) {
            secrets.add(secret);
        }
    }
}
