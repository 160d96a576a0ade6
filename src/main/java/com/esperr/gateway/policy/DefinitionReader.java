package com.esperr.gateway.policy;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.policy.Definitions.ActionDefinition;
import com.esperr.gateway.policy.Definitions.ClauseDefinition;
import com.esperr.gateway.policy.Definitions.EntityDefinition;
import com.esperr.gateway.policy.Definitions.MitigationDefinition;
import com.esperr.gateway.policy.Definitions.PolicyDefinition;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.state.WindowLimit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the four blocks of a policy file: {@code actions}, {@code entities}, {@code mitigations} and {@code policies}. What
 * is wrong is reported to the sections. Stateless.
 */
final class DefinitionReader {
    private static final int DEFAULT_PRIORITY = 100;
    private static final int MAX_PRIORITY = 1_000_000;
    // Identifiers stand in logs, labels and pages; what they may hold needs no escaping anywhere.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");
    private static final String ID_EXPECTATION = "1 to 100 of letters, digits, '.', '_', ':', '-'";
    private static final Pattern TITLE = Pattern.compile("[^\\p{Cntrl}]{1,100}");
    private static final String TITLE_EXPECTATION = "1 to 100 printable characters";

    private static final String TARGET_EXPECTATION =
            "an http(s) URL or a path on this site, with {return_url} and {reference}";

    private DefinitionReader() {}

    static Definitions read(Section file) {
        return new Definitions(
                file.sections("actions").stream().map(DefinitionReader::action).toList(),
                file.sections("entities").stream().map(DefinitionReader::entity).toList(),
                file.sections("mitigations").stream()
                        .map(DefinitionReader::mitigation)
                        .toList(),
                file.sections("policies").stream().map(DefinitionReader::policy).toList());
    }

    private static ActionDefinition action(Section section) {
        Written id = id(section, "action_id");
        described(section);
        if (!section.has("expression")) {
            section.problem("expression", "missing", "Always or a condition { … }");
        }
        return new ActionDefinition(id, enabled(section), ExpressionReader.read(section, "expression"));
    }

    private static EntityDefinition entity(Section section) {
        Written name = id(section, "name");
        section.stringOrNull("description");
        List<FieldReference> fields =
                section.parsedList("key_fields", "a field such as client_ip or request_header[name]", text -> {
                    return FieldReference.parse(text.strip());
                });
        if (fields.isEmpty() && (!section.has("key_fields") || OperandReader.isEmpty(section, "key_fields"))) {
            section.problem("key_fields", section.has("key_fields") ? "[]" : "missing", "at least one field");
        }
        return new EntityDefinition(name, fields, ExpressionReader.read(section, "match_expression"));
    }

    private static MitigationDefinition mitigation(Section section) {
        Written id = id(section, "mitigation_id");
        described(section);
        Mode mode = section.choice("mode", Mode.class);
        Would would = section.choiceOr("would", Would.BLOCK, Would.class);
        if (section.has("would") && mode != Mode.MONITOR) {
            section.problem("would", "given", "only with mode monitor");
        }
        ChallengeUrl target = section.parsedOrNull("return_url_template", TARGET_EXPECTATION, ChallengeUrl::parse);
        if (target != null && mode != Mode.CHALLENGE) {
            section.problem("return_url_template", "given", "only with mode challenge");
        }
        return new MitigationDefinition(id, enabled(section), mode, would.action, target);
    }

    private static PolicyDefinition policy(Section section) {
        Written id = id(section, "policy_id");
        String title = title(section);
        section.stringOrNull("description");
        int priority = section.integerOr("priority", DEFAULT_PRIORITY, 0, MAX_PRIORITY);
        boolean enabled = enabled(section);
        Expression scope = ExpressionReader.read(section, "scope");
        List<ClauseDefinition> clauses = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section part : section.sections("clauses")) {
            ClauseDefinition clause = clause(part, clauses.size() + 1);
            if (!names.add(clause.name())) {
                part.problem("name", clause.name(), "a name that no other clause of the policy has");
            }
            clauses.add(clause);
        }
        if (clauses.isEmpty() && (!section.has("clauses") || OperandReader.isEmpty(section, "clauses"))) {
            section.problem("clauses", section.has("clauses") ? "[]" : "missing", "at least one clause");
        }
        return new PolicyDefinition(id, title, enabled, priority, scope, List.copyOf(clauses));
    }

    private static ClauseDefinition clause(Section section, int number) {
        String name = title(section);
        section.stringOrNull("description");
        List<String> ids = section.strings("actions");
        List<Written> actions = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            actions.add(Written.in(section, "actions[" + i + "]", ids.get(i)));
        }
        String entity = section.stringOrNull("entity");
        Written mitigation = Written.in(
                section, "mitigation", section.required("mitigation", "a mitigation_id, or monitor, challenge, block"));
        return new ClauseDefinition(
                name == null ? "clause " + number : name,
                ExpressionReader.read(section, "match"),
                List.copyOf(actions),
                entity == null ? null : Written.in(section, "entity", entity),
                mitigation,
                window(section));
    }

    private static @Nullable WindowLimit window(Section section) {
        Section window = section.sectionOrNull("window");
        return window == null
                ? null
                : new WindowLimit(
                        window.integer("seconds", 1, WindowLimit.MAX_SECONDS),
                        window.integer("threshold", 1, WindowLimit.MAX_THRESHOLD));
    }

    private static Written id(Section section, String key) {
        String id = section.required(key, ID_EXPECTATION);
        if (!id.isEmpty() && !ID.matcher(id).matches()) {
            section.problem(key, id, ID_EXPECTATION);
        }
        return Written.in(section, key, id);
    }

    private static boolean enabled(Section section) {
        return section.flagOr("enabled", true);
    }

    private static void described(Section section) {
        title(section);
        section.stringOrNull("description");
    }

    private static @Nullable String title(Section section) {
        String title = section.stringOrNull("name");
        if (title != null && !TITLE.matcher(title).matches()) {
            section.problem("name", title, TITLE_EXPECTATION);
        }
        return title;
    }

    /** What a clause in mode monitor may say it would have done. */
    private enum Would {
        CHALLENGE(Action.CHALLENGE),
        BLOCK(Action.BLOCK);

        private final Action action;

        Would(Action action) {
            this.action = action;
        }
    }
}
