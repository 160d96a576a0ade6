package com.esperr.gateway.boot;

import com.esperr.gateway.boot.GatewayConfig.Source;
import com.esperr.gateway.config.Problem;
import com.esperr.gateway.policy.LoadedPolicies;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.policy.PolicyLoader;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.rollout.RolloutConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The policies that a configuration names, compiled, or what is wrong with them. Immutable.
 *
 * @param sets by name, the one called {@link PolicyConfig#USUAL} first
 * @param next what is to take the place of one of them bit by bit, or null
 * @param problems everything that is wrong, by file and line
 * @param warnings what the operator should know although it is legal
 * @param tests how many tests of their own they have passed
 */
public record Policies(
        Map<String, PolicySet> sets,
        @Nullable PolicySet next,
        List<Problem> problems,
        List<String> warnings,
        int tests) {
    /** Reads and compiles all of them; blocks on files. */
    public static Policies load(GatewayConfig config) {
        Map<String, PolicySet> sets = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        int tests = 0;
        for (Map.Entry<String, PolicyConfig> named : configs(config).entrySet()) {
            LoadedPolicies loaded = load(config, named.getValue());
            sets.put(named.getKey(), loaded.policies());
            problems.addAll(loaded.problems());
            warnings.addAll(loaded.warnings());
            tests += loaded.tests();
        }
        PolicySet next = null;
        RolloutConfig rollout = config.operation().rollout();
        if (!rollout.paths().isEmpty()) {
            LoadedPolicies loaded = load(config, config.policies().of(rollout.paths()));
            next = loaded.policies();
            problems.addAll(loaded.problems());
            warnings.addAll(loaded.warnings());
            tests += loaded.tests();
            if (config.source() != Source.LOCAL) {
                String paths = rollout.paths().toString();
                problems.add(new Problem("rollout", "rollout.path", paths, "empty, or mode = local"));
            }
        }
        if (!sets.containsKey(rollout.set())) {
            problems.add(new Problem("rollout", "rollout.set", rollout.set(), "empty, or a name of policies.sets"));
        }
        // Two sets can have a file in common.
        return new Policies(
                Collections.unmodifiableMap(sets),
                next,
                problems.stream().distinct().toList(),
                warnings.stream().distinct().toList(),
                tests);
    }

    /** Reads and compiles one of them, with {@code files} of {@link #configs}. */
    static LoadedPolicies load(GatewayConfig config, PolicyConfig files) {
        LoadedPolicies loaded = PolicyLoader.load(files);
        if (!loaded.policies().needsChallengeUrl() || config.challenge() != null) {
            return loaded;
        }
        List<Problem> problems = new ArrayList<>(loaded.problems());
        problems.add(new Problem(
                "policies",
                "challenge.url",
                "missing",
                "a URL, because a mitigation of mode challenge names none of its own"));
        return new LoadedPolicies(loaded.policies(), problems, loaded.warnings(), loaded.tests());
    }

    /** The section {@code policies} with the files of each set, by name. */
    static Map<String, PolicyConfig> configs(GatewayConfig config) {
        PolicyConfig usual = config.policies();
        Map<String, PolicyConfig> configs = new LinkedHashMap<>();
        configs.put(PolicyConfig.USUAL, usual.of(usual.paths()));
        usual.sets().forEach((name, paths) -> configs.put(name, usual.of(paths)));
        return configs;
    }

    /** Those of sites that name no set. */
    public PolicySet set() {
        return sets.getOrDefault(PolicyConfig.USUAL, PolicySet.EMPTY);
    }

    /** Count and hash, for people. */
    public String summary() {
        return sets.entrySet().stream()
                        .map(named -> summary(named.getKey(), named.getValue()))
                        .collect(Collectors.joining(", "))
                + (next == null ? "" : ", rolling out " + summary(PolicyConfig.USUAL, next));
    }

    private static String summary(String name, PolicySet set) {
        String counted = set.count() + (set.count() == 1 ? " policy" : " policies");
        return counted + (name.equals(PolicyConfig.USUAL) ? "" : " of " + name) + " (" + set.hash() + ")";
    }
}
