package com.esperr.gateway.challenge;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.config.TimeSpan;
import com.esperr.gateway.request.Route;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code challenge} as far as passes go. Immutable.
 *
 * @param reverify how often Esper is asked about the proof of a pass again; zero for never
 * @param binding by what a visitor is known again
 * @param levels how much what was done for a pass says, by method
 * @param secrets the keys as configured, the current one first; empty if they are in a file
 * @param keyFile the file of the keys, or null for keys of this process
 */
public record PassConfig(
        Duration reverify,
        Binding binding,
        Map<String, Integer> levels,
        List<Secret> secrets,
        @Nullable Path keyFile) {
    private static final String EVERY = "every ";
    private static final int KEY_BYTES = 32;

    /** Reads the section. */
    public static PassConfig read(Section section) {
        Section pass = section.section("pass");
        List<Binding.Kind> kinds = pass.parsedList("binding", "network or user-agent", Binding.Kind::parse);
        List<Secret> secrets = new ArrayList<>();
        byte[] key = secret(pass, "key");
        byte[] previous = secret(pass, "previous-key");
        if (key != null) {
            secrets.add(new Secret(key));
        }
        if (previous != null && key == null) {
            pass.problem("previous-key", "not shown", "empty, because challenge.pass.key is");
        } else if (previous != null) {
            secrets.add(new Secret(previous));
        }
        return new PassConfig(
                section.parsed(
                        "reverify",
                        "never, or every and at least 1s, such as every 10m",
                        Duration.ZERO,
                        PassConfig::every),
                new Binding(
                        Set.copyOf(kinds), pass.integer("ipv4-prefix", 8, 32), pass.integer("ipv6-prefix", 16, 128)),
                levels(pass.section("levels")),
                List.copyOf(secrets),
                pass.parsedOrNull("key-file", "the path of a file", Path::of));
    }

    /** How much a proof says that was earned by {@code method}. */
    public int level(String method) {
        Integer level = levels.get(method);
        return level == null ? levels.getOrDefault(Pass.ESPER, Pass.LOWEST) : level;
    }

    private static Map<String, Integer> levels(Section section) {
        Map<String, Integer> levels = new HashMap<>();
        for (String method : Pass.METHODS) {
            levels.put(method, section.integer(method, Pass.LOWEST, Route.HIGHEST_LEVEL));
        }
        return Map.copyOf(levels);
    }

    private static byte @Nullable [] secret(Section pass, String key) {
        return pass.parsedOrNull(key, "at least 64 hexadecimal digits", text -> {
            byte[] secret = HexFormat.of().parseHex(text);
            if (secret.length < KEY_BYTES) {
                throw new IllegalArgumentException("short");
            }
            return secret;
        });
    }

    private static Duration every(String text) {
        if (text.equals("never")) {
            return Duration.ZERO;
        }
        if (!text.startsWith(EVERY)) {
            throw new IllegalArgumentException(text);
        }
        Duration every = TimeSpan.parse(text.substring(EVERY.length()));
        if (every.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(text);
        }
        return every;
    }
}
