package com.esperr.gateway.policy;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.policy.Definitions.ClauseDefinition;
import com.esperr.gateway.policy.Definitions.PolicyDefinition;
import com.esperr.gateway.policy.Definitions.ScoringDefinition;
import com.esperr.gateway.state.WindowLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one element of {@code policies}; what is wrong is reported to the section. Stateless. */
final class PolicyReader {
    private static final int DEFAULT_PRIORITY = 100;
    private static final int MAX_PRIORITY = 1_000_000;
    private static final int MAX_SCORE = 1_000_000;
    private static final int MAX_CLAUSES = 1000;
    private static final List<String> NOT_WITH_SCORES = List.of("mitigation", "lifetime", "inline");

    private PolicyReader() {}

    static PolicyDefinition read(Section section) {
        Written id = DefinitionReader.id(section, "policy_id");
        String title = DefinitionReader.title(section);
        section.stringOrNull("description");
        int priority = section.integerOr("priority", DEFAULT_PRIORITY, 0, MAX_PRIORITY);
        boolean enabled = DefinitionReader.enabled(section);
        Expression scope = ExpressionReader.read(section, "scope");
        ScoringDefinition scoring = scoring(section);
        List<ClauseDefinition> clauses = section.has("preset") ? preset(section) : clauses(section, scoring != null);
        return new PolicyDefinition(id, title, enabled, priority, scope, clauses, scoring);
    }

    private static List<ClauseDefinition> clauses(Section section, boolean scored) {
        List<ClauseDefinition> clauses = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section part : section.sections("clauses")) {
            ClauseDefinition clause = clause(part, clauses.size() + 1, scored);
            if (!names.add(clause.name())) {
                part.problem("name", clause.name(), "a name that no other clause of the policy has");
            }
            clauses.add(clause);
        }
        if (clauses.isEmpty() && (!section.has("clauses") || OperandReader.isEmpty(section, "clauses"))) {
            section.problem("clauses", section.has("clauses") ? "[]" : "missing", "at least one clause");
        }
        if (clauses.size() > MAX_CLAUSES) {
            section.problem("clauses", clauses.size() + " of them", "at most " + MAX_CLAUSES);
        }
        return List.copyOf(clauses);
    }

    /** What a policy with a preset has instead of clauses. */
    private static List<ClauseDefinition> preset(Section section) {
        section.choice("preset", Preset.class);
        for (String key : List.of("clauses", "scoring")) {
            if (section.has(key)) {
                section.raw(key);
                section.problem(key, "beside preset", "one of them");
            }
        }
        return List.of(new ClauseDefinition(
                "monitor",
                true,
                Expression.ALWAYS,
                List.of(),
                null,
                PolicyCompiler.PRESET_MONITOR,
                null,
                null,
                true,
                0));
    }

    private static ClauseDefinition clause(Section section, int number, boolean scored) {
        String name = DefinitionReader.title(section);
        section.stringOrNull("description");
        List<String> ids = section.strings("actions");
        List<Written> actions = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            actions.add(Written.in(section, "actions[" + i + "]", ids.get(i)));
        }
        WindowLimit window = window(section);
        Duration lifetime = DefinitionReader.lifetime(section);
        boolean inline = section.flagOr("inline", true);
        return new ClauseDefinition(
                name == null ? "clause " + number : name,
                DefinitionReader.enabled(section),
                ExpressionReader.read(section, "match"),
                List.copyOf(actions),
                entity(section),
                scored ? unscored(section) : mitigation(section),
                window,
                lifetime,
                inline,
                score(section, scored));
    }

    private static Written mitigation(Section section) {
        return Written.in(
                section, "mitigation", section.required("mitigation", "a mitigation_id, or monitor, challenge, block"));
    }

    private static @Nullable Written unscored(Section section) {
        for (String key : NOT_WITH_SCORES) {
            if (section.has(key)) {
                section.problem(key, "given", "score, because the policy has scoring, which says what is done");
            }
        }
        return null;
    }

    private static int score(Section section, boolean scored) {
        if (scored) {
            return section.integer("score", -MAX_SCORE, MAX_SCORE);
        }
        if (section.has("score")) {
            section.problem("score", "given", "only in a policy with scoring");
        }
        return 0;
    }

    private static @Nullable Written entity(Section section) {
        String entity = section.stringOrNull("entity");
        return entity == null ? null : Written.in(section, "entity", entity);
    }

    private static @Nullable WindowLimit window(Section section) {
        Section window = section.sectionOrNull("window");
        return window == null
                ? null
                : new WindowLimit(
                        window.integer("seconds", 1, WindowLimit.MAX_SECONDS),
                        window.integer("threshold", 1, WindowLimit.MAX_THRESHOLD));
    }

    private static @Nullable ScoringDefinition scoring(Section policy) {
        if (policy.has("preset") || !policy.has("scoring")) {
            return null;
        }
        Section section = policy.section("scoring");
        Map<Mode, Integer> thresholds = new LinkedHashMap<>();
        int above = MAX_SCORE + 1;
        for (Mode mode : List.of(Mode.BLOCK, Mode.CHALLENGE, Mode.MONITOR)) {
            String key = mode.name().toLowerCase(Locale.ROOT);
            if (section.has(key)) {
                int points = section.integer(key, 1, MAX_SCORE);
                if (points >= above) {
                    section.problem(key, Integer.toString(points), "less than " + above + ", where more is done");
                }
                above = points;
                thresholds.put(mode, points);
            }
        }
        if (thresholds.isEmpty()) {
            section.problem("", "no threshold", "at least one of monitor, challenge and block");
        }
        ChallengeUrl target = DefinitionReader.target(section);
        if (target != null && !thresholds.containsKey(Mode.CHALLENGE)) {
            section.problem("return_url_template", "given", "only with a threshold for challenge");
        }
        return new ScoringDefinition(thresholds, DefinitionReader.lifetime(section), entity(section), target);
    }

    /** Policies that need no clauses. */
    private enum Preset {
        /** Observes everything in the scope and does nothing about it. */
        MONITOR
    }
}
