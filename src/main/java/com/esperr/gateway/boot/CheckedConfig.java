package com.esperr.gateway.boot;

import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration and the policies it names, with everything that is wrong with either, so that an operator learns all of
 * it at once. Immutable.
 *
 * @param loaded the configuration
 * @param policies the policies; null when the configuration does not even say where they are
 * @param problems what is wrong; if there are any, nothing may be run
 * @param warnings what is legal and may be a mistake
 */
public record CheckedConfig(
        Loaded<GatewayConfig> loaded, @Nullable Policies policies, List<Problem> problems, List<String> warnings) {
    private static final String CHALLENGE_URL = "challenge.url";

    /** Reads the policies that {@code loaded} names, even if something else is wrong with it; blocks on files. */
    public static CheckedConfig of(Loaded<GatewayConfig> loaded) {
        List<Problem> problems = new ArrayList<>(loaded.problems());
        List<String> warnings = new ArrayList<>(loaded.warnings());
        GatewayConfig sketch = loaded.sketch();
        Policies policies = sketch == null ? null : Policies.load(sketch);
        if (sketch != null && policies != null) {
            Map<List<String>, List<Path>> keys = keys(sketch);
            policies.problems().stream()
                    // A URL that is there but wrong has been reported already.
                    .filter(problem -> loaded.isValid() || !problem.path().equals(CHALLENGE_URL))
                    .map(problem -> keyed(problem, keys, loaded))
                    .forEach(problems::add);
            warnings.addAll(policies.warnings());
        }
        return new CheckedConfig(loaded, policies, List.copyOf(problems), List.copyOf(warnings));
    }

    /** Which policy files each key names. */
    private static Map<List<String>, List<Path>> keys(GatewayConfig config) {
        Map<List<String>, List<Path>> keys = new LinkedHashMap<>();
        keys.put(List.of("policies", "path"), config.policies().paths());
        config.policies().sets().forEach((name, paths) -> keys.put(List.of("policies", "sets", name, "path"), paths));
        keys.put(List.of("rollout", "path"), config.operation().rollout().paths());
        return keys;
    }

    /** A file that is not there is the mistake of the key that names it. */
    private static Problem keyed(Problem problem, Map<List<String>, List<Path>> keys, Loaded<GatewayConfig> loaded) {
        if (!problem.path().isEmpty() || !problem.value().equals("no such file")) {
            return problem;
        }
        Path file = Path.of(problem.place());
        return keys.entrySet().stream()
                .filter(key -> key.getValue().contains(file))
                .findFirst()
                .map(key -> new Problem(
                        loaded.place(key.getKey()),
                        String.join(".", key.getKey()),
                        file + ": " + problem.value(),
                        problem.expectation()))
                .orElse(problem);
    }
}
