package com.esperr.gateway.decision;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.failure.Side;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Tier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a failed question becomes, by class of failure and tier of the route: the sections {@code failure} and {@code
 * challenge.url}. Immutable.
 */
public final class FailureTable {
    private static final String PREFIX = "DECISION_";

    private final Map<FailureReason, FailureAction> normal;
    private final Map<FailureReason, FailureAction> sensitive;
    private final @Nullable ChallengeUrl challenge;

    private FailureTable(
            Map<FailureReason, FailureAction> normal,
            Map<FailureReason, FailureAction> sensitive,
            @Nullable ChallengeUrl challenge) {
        this.normal = normal;
        this.sensitive = sensitive;
        this.challenge = challenge;
    }

    /** Reads the section {@code failure}; a cell {@code challenge} needs {@code challenge}. */
    public static FailureTable read(Section section, @Nullable ChallengeUrl challenge) {
        return new FailureTable(
                row(section.section("normal"), challenge), row(section.section("sensitive"), challenge), challenge);
    }

    private static Map<FailureReason, FailureAction> row(Section section, @Nullable ChallengeUrl challenge) {
        Map<FailureReason, FailureAction> row = new EnumMap<>(FailureReason.class);
        for (FailureReason reason : FailureReason.values()) {
            if (reason.side() == Side.DECISION) {
                FailureAction action = section.choice(key(reason), FailureAction.class);
                if (action == FailureAction.CHALLENGE && challenge == null) {
                    section.problem(key(reason), action.label(), "open or closed, because challenge.url is not set");
                }
                row.put(reason, action);
            }
        }
        return row;
    }

    /** The name of the class in configuration, e.g. {@code server-error}. */
    private static String key(FailureReason reason) {
        String name = reason.name();
        String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        return bare.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The cell for {@code reason}, which has side DECISION; an exempt route is never asked about and counts as normal. */
    public FailureAction action(FailureReason reason, Tier tier) {
        Map<FailureReason, FailureAction> row = switch (tier) {
            case NORMAL, EXEMPT -> normal;
            case SENSITIVE -> sensitive;
        };
        FailureAction action = row.get(reason);
        if (action == null) {
            throw new IllegalArgumentException("reason: " + reason + " (expected: one of side DECISION)");
        }
        return action;
    }

    /** The decision that stands in for the answer that did not come; {@code detail} is for the log. */
    Decision decide(FailureReason reason, String detail, RequestContext request) {
        Cause cause = Cause.failed(reason, detail);
        return switch (action(reason, request.tier())) {
            case OPEN -> new Decision.Allow(cause);
            case CLOSED -> new Decision.Block(cause);
            case CHALLENGE ->
                challenge == null ? new Decision.Block(cause) : new Decision.Challenge(challenge.fill(request), cause);
        };
    }

    /** Whether some failure lets a request to a sensitive route pass. */
    public boolean opensSensitive() {
        return sensitive.containsValue(FailureAction.OPEN);
    }

    /** The table in a few words: what each tier mostly does, and the classes that differ. */
    public String summary() {
        return "normal " + summary(normal) + ", sensitive " + summary(sensitive);
    }

    private static String summary(Map<FailureReason, FailureAction> row) {
        FailureAction usual = FailureAction.OPEN;
        for (FailureAction action : FailureAction.values()) {
            if (Collections.frequency(row.values(), action) > Collections.frequency(row.values(), usual)) {
                usual = action;
            }
        }
        StringJoiner others = new StringJoiner(", ", " (", ")").setEmptyValue("");
        for (Map.Entry<FailureReason, FailureAction> cell : row.entrySet()) {
            if (cell.getValue() != usual) {
                others.add(key(cell.getKey()) + " " + cell.getValue().label());
            }
        }
        return usual.label() + others;
    }

    /** The table as text, one line a class, for people. */
    public String render() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%-20s %-10s %-10s", "when a question", "normal", "sensitive"));
        for (Map.Entry<FailureReason, FailureAction> cell : normal.entrySet()) {
            FailureReason reason = cell.getKey();
            lines.add(String.format(
                    Locale.ROOT,
                    "%-20s %-10s %-10s",
                    key(reason),
                    cell.getValue().label(),
                    action(reason, Tier.SENSITIVE).label()));
        }
        return String.join("\n", lines);
    }
}
