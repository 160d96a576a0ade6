package com.esperr.gateway.policy;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.policy.Definitions.ActionDefinition;
import com.esperr.gateway.policy.Definitions.EntityDefinition;
import com.esperr.gateway.policy.Definitions.MitigationDefinition;
import com.esperr.gateway.request.FieldReference;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the blocks of a policy file: {@code actions}, {@code entities}, {@code mitigations}, {@code policies} and {@code
 * tests}. What is wrong is reported to the sections. Stateless.
 */
final class DefinitionReader {
    // Identifiers stand in logs, labels and pages; what they may hold needs no escaping anywhere.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");
    private static final String ID_EXPECTATION = "1 to 100 of letters, digits, '.', '_', ':', '-'";
    private static final Pattern TITLE = Pattern.compile("[^\\p{Cntrl}]{1,100}");
    private static final String TITLE_EXPECTATION = "1 to 100 printable characters";

    private static final String TARGET = "return_url_template";
    private static final String TARGET_EXPECTATION =
            "an http(s) URL or a path on this site, with {return_url} and {reference}";
    private static final Duration LONGEST_LIFETIME = Duration.ofDays(366);

    private DefinitionReader() {}

    static Definitions read(Section file) {
        return new Definitions(
                file.sections("actions").stream().map(DefinitionReader::action).toList(),
                file.sections("entities").stream().map(DefinitionReader::entity).toList(),
                file.sections("mitigations").stream()
                        .map(DefinitionReader::mitigation)
                        .toList(),
                file.sections("policies").stream().map(PolicyReader::read).toList(),
                file.sections("tests").stream().map(PolicyTestReader::read).toList());
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
        ChallengeUrl target = target(section);
        if (target != null && mode != Mode.CHALLENGE) {
            section.problem(TARGET, "given", "only with mode challenge");
        }
        return new MitigationDefinition(id, enabled(section), mode, would.action, target, lifetime(section));
    }

    /** Where a challenge is, or null. */
    static @Nullable ChallengeUrl target(Section section) {
        return section.parsedOrNull(TARGET, TARGET_EXPECTATION, ChallengeUrl::parse);
    }

    /** How long a mitigation is active for a visitor; zero for not at all, null if nothing is said. */
    static @Nullable Duration lifetime(Section section) {
        return section.has("lifetime")
                ? section.durationOr("lifetime", Duration.ZERO, Duration.ZERO, LONGEST_LIFETIME)
                : null;
    }

    static Written id(Section section, String key) {
        String id = section.required(key, ID_EXPECTATION);
        if (!id.isEmpty() && !ID.matcher(id).matches()) {
            section.problem(key, id, ID_EXPECTATION);
        }
        return Written.in(section, key, id);
    }

    static boolean enabled(Section section) {
        return section.flagOr("enabled", true);
    }

    private static void described(Section section) {
        title(section);
        section.stringOrNull("description");
    }

    static @Nullable String title(Section section) {
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
