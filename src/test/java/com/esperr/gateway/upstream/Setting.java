package com.esperr.gateway.upstream;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Configurations of origins for tests. */
final class Setting {
    private Setting() {}

    /** An origin with these keys, each followed by its value. */
    static OriginConfig of(String url, String... keysAndValues) {
        Map<String, String> options = new HashMap<>(Map.of("origin.url", url));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            options.put("origin." + keysAndValues[i], keysAndValues[i + 1]);
        }
        var loaded = Configurations.read(
                ConfigSource.load(null, Map.of(), options), root -> OriginConfig.read(root.section("origin")));
        if (loaded.problems().stream().anyMatch(problem -> problem.toString().contains("origin."))) {
            throw new AssertionError(loaded.problems());
        }
        return loaded.value();
    }

    /** Endpoints that nobody connects to. */
    static String places(int count) {
        return String.join(
                ",",
                IntStream.rangeClosed(1, count)
                        .mapToObj(port -> "http://127.0.0.1:" + port)
                        .toList());
    }
}
