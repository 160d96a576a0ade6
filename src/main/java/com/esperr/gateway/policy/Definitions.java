package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.state.WindowLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What policy files say, as values, with names that are not yet looked up. The fields and their names are Esper's. Immutable.
 */
record Definitions(
        List<ActionDefinition> actions,
        List<EntityDefinition> entities,
        List<MitigationDefinition> mitigations,
        List<PolicyDefinition> policies,
        List<PolicyTest> tests) {
    /** Nothing. */
    static final Definitions NONE = new Definitions(List.of(), List.of(), List.of(), List.of(), List.of());

    /** These, then those of {@code more}. */
    Definitions and(Definitions more) {
        return new Definitions(
                join(actions, more.actions),
                join(entities, more.entities),
                join(mitigations, more.mitigations),
                join(policies, more.policies),
                join(tests, more.tests));
    }

    private static <T> List<T> join(List<T> first, List<T> second) {
        List<T> both = new ArrayList<>(first);
        both.addAll(second);
        return List.copyOf(both);
    }

    /** A business event such as a login, recognised by its expression. */
    record ActionDefinition(Written id, boolean enabled, Expression expression) {}

    /**
     * Who is counted together, and which requests belong to such a visitor.
     *
     * @param keyFields the fields whose values together tell one from another
     */
    record EntityDefinition(Written name, List<FieldReference> keyFields, Expression matches) {
        /** Whether the key fields alone say which requests match. */
        boolean closed() {
            return closed(matches);
        }

        private boolean closed(Expression expression) {
            if (expression instanceof Expression.All all) {
                return all.parts().stream().allMatch(this::closed);
            }
            if (expression instanceof Expression.Any any) {
                return any.parts().stream().allMatch(this::closed);
            }
            if (expression instanceof Expression.Not not) {
                return closed(not.part());
            }
            if (expression instanceof Expression.Comparison comparison) {
                return keyFields.contains(comparison.field());
            }
            return expression == Expression.ALWAYS;
        }
    }

    /**
     * What is done.
     *
     * @param would in mode monitor, what is noted as having been due
     * @param target in mode challenge, where the visitor is sent; null for {@code challenge.url}
     * @param lifetime how long it is active for the visitor where a clause says nothing else, or null
     */
    record MitigationDefinition(
            Written id,
            boolean enabled,
            Mode mode,
            Action would,
            @Nullable ChallengeUrl target,
            @Nullable Duration lifetime) {
        /** The text of what this does, for the hash. */
        String canonical() {
            return switch (mode) {
                case MONITOR -> "monitor " + would.label();
                case CHALLENGE -> "challenge " + (target == null ? "" : Expression.quoted(target.template()));
                case BLOCK -> "block";
            };
        }
    }

    /**
     * A set of clauses for some of the traffic.
     *
     * @param title what people call it, or null
     * @param priority lower comes earlier
     * @param scope which requests it looks at
     * @param scoring how the points of its clauses are weighed, or null if each clause says what is done
     */
    record PolicyDefinition(
            Written id,
            @Nullable String title,
            boolean enabled,
            int priority,
            Expression scope,
            List<ClauseDefinition> clauses,
            @Nullable ScoringDefinition scoring) {}

    /**
     * From how many points on what is done.
     *
     * @param thresholds highest first; none of a mode that is not in force
     * @param lifetime how long it is then active for the visitor, or null
     * @param entity who that is, or null
     * @param target in mode challenge, where the visitor is sent; null for {@code challenge.url}
     */
    record ScoringDefinition(
            Map<Mode, Integer> thresholds,
            @Nullable Duration lifetime,
            @Nullable Written entity,
            @Nullable ChallengeUrl target) {
        /** The text of what this does, for the hash. */
        String canonical() {
            return " scoring " + thresholds + " lasting " + lifetime + " to "
                    + (target == null ? "" : Expression.quoted(target.template()));
        }
    }

    /**
     * One rule.
     *
     * @param matches which requests it is about
     * @param actions events that must all have happened
     * @param entity who is counted, or null
     * @param mitigation what is done, or null in a policy with scoring
     * @param window how often it must have happened, or null
     * @param lifetime how long it is then active for the visitor; zero for not at all, null for what the mitigation says
     * @param inline whether the request that matched meets it
     * @param score the points it adds in a policy with scoring
     */
    record ClauseDefinition(
            String name,
            boolean enabled,
            Expression matches,
            List<Written> actions,
            @Nullable Written entity,
            @Nullable Written mitigation,
            @Nullable WindowLimit window,
            @Nullable Duration lifetime,
            boolean inline,
            int score) {}
}
