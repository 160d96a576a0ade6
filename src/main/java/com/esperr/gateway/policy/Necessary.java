package com.esperr.gateway.policy;

import com.esperr.gateway.policy.Expression.All;
import com.esperr.gateway.policy.Expression.Any;
import com.esperr.gateway.policy.Expression.Cel;
import com.esperr.gateway.policy.Expression.Comparison;
import com.esperr.gateway.policy.Expression.Not;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestField;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What must be so for an expression to be true: at least one of a few simple comparisons holds. Immutable.
 *
 * @param comparisons with operators that can be looked up for all policies at once, none of them a negated one
 * @param often how often one of them probably holds, in no particular unit
 */
record Necessary(List<Comparison> comparisons, int often) {
    private static final int NEVER_MIND = 1_000;

    /** What must be so for {@code expression}; null if that cannot be said. */
    static @Nullable Necessary of(Expression expression) {
        return of(expression, true);
    }

    /** What must be so for all of {@code expressions}; null if that cannot be said. */
    static @Nullable Necessary ofAll(List<Expression> expressions) {
        return rarest(expressions.stream().map(Necessary::of).flatMap(Stream::ofNullable));
    }

    private static @Nullable Necessary of(Expression expression, boolean wanted) {
        if (expression instanceof Not not) {
            return of(not.part(), !wanted);
        }
        if (expression instanceof All all) {
            return wanted ? each(all.parts(), true) : one(all.parts(), false);
        }
        if (expression instanceof Any any) {
            return wanted ? one(any.parts(), true) : each(any.parts(), false);
        }
        if (expression instanceof Cel cel) {
            return wanted ? of(cel.expression().implied(), true) : null;
        }
        return expression instanceof Comparison comparison ? of(comparison, wanted) : null;
    }

    private static @Nullable Necessary each(List<Expression> parts, boolean wanted) {
        return rarest(parts.stream().map(part -> of(part, wanted)).flatMap(Stream::ofNullable));
    }

    private static @Nullable Necessary rarest(Stream<Necessary> all) {
        return all.reduce((first, second) -> second.often < first.often ? second : first)
                .orElse(null);
    }

    private static @Nullable Necessary one(List<Expression> parts, boolean wanted) {
        List<Comparison> together = new ArrayList<>();
        int often = 0;
        for (Expression part : parts) {
            Necessary necessary = of(part, wanted);
            if (necessary == null) {
                return null;
            }
            together.addAll(necessary.comparisons);
            often += necessary.often;
        }
        return new Necessary(List.copyOf(together), often);
    }

    private static @Nullable Necessary of(Comparison written, boolean wanted) {
        Operator opposite = written.operator().opposite();
        if (wanted == (opposite != null)) {
            return null;
        }
        Operator operator = opposite == null ? written.operator() : opposite;
        Comparison comparison = lookedUp(written, operator);
        int often = often(comparison);
        return often == NEVER_MIND ? null : new Necessary(List.of(comparison), often);
    }

    /** What cannot be looked up needs at least that the field is there. */
    private static Comparison lookedUp(Comparison written, Operator operator) {
        boolean address = written.field().field() == RequestField.CLIENT_IP;
        return switch (operator) {
            case EQUALS, IN, CONTAINS, CONTAINS_ANY, STARTS_WITH, ENDS_WITH ->
                new Comparison(written.field(), operator, written.operands(), written.ignoreCase());
            case IN_RANGE ->
                address ? new Comparison(written.field(), operator, written.operands(), false) : there(written.field());
            default -> there(written.field());
        };
    }

    private static Comparison there(FieldReference field) {
        return new Comparison(field, Operator.IS_PRESENT, List.of(), false);
    }

    /** What is written down once is rarely what comes; but every request has a method, and few hosts are many requests'. */
    private static int often(Comparison comparison) {
        boolean brief = comparison.operands().stream().anyMatch(text -> text.length() < 3);
        int test = switch (comparison.operator()) {
            case EQUALS, IN, IN_RANGE -> 1;
            case STARTS_WITH, ENDS_WITH -> brief ? 20 : 3;
            case CONTAINS, CONTAINS_ANY -> brief ? 20 : 4;
            default -> 25;
        };
        boolean presence = comparison.operator() == Operator.IS_PRESENT;
        return switch (comparison.field().field()) {
            case REQUEST_METHOD, SOURCE_ID, TLS_VERSION, TLS_CIPHER, TLS_CLIENT_VERIFIED ->
                presence ? NEVER_MIND : test + 50;
            case REQUEST_HOST, TLS_SNI -> presence ? NEVER_MIND : test + 15;
            case REQUEST_PATH, CLIENT_IP, OBSERVED_AT -> presence ? NEVER_MIND : test;
            case BODY_TYPE -> test + 10;
            case USER_AGENT -> presence ? test + 30 : test;
            case REQUEST_HEADER,
                    QUERY_PARAM,
                    COOKIE,
                    ROUTE_PARAM,
                    REFERRER,
                    BODY,
                    TLS_JA4,
                    TLS_CLIENT_SUBJECT,
                    TLS_CLIENT_SAN,
                    TLS_CLIENT_FINGERPRINT,
                    TLS_CLIENT_SERIAL -> test;
            case BOT_NAME, BOT_VERIFIED, BOT_METHOD, BOT_IMPOSTOR -> test;
        };
    }
}
