package com.esperr.gateway.policy;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import com.esperr.gateway.request.RequestContext;
import com.typesafe.config.ConfigException;
import java.util.Map;
import java.util.stream.Collectors;

/** A condition as policies write it, for others who choose among requests. Immutable; asked on the event loop of the request. */
public final class RequestFilter {
    private final Condition condition;
    private final int slots;

    private RequestFilter(Condition condition, int slots) {
        this.condition = condition;
        this.slots = slots;
    }

    /**
     * Reads a condition such as <code>{ field = request_path, operator = starts_with, value = /api }</code>.
     *
     * @throws IllegalArgumentException if it is not one; the message says what is wrong
     */
    public static RequestFilter parse(String text) {
        Loaded<Expression> loaded;
        try {
            loaded = Configurations.read(
                    ConfigSource.load(null, Map.of(), Map.of())
                            .withReference(ConfigSource.reference("filter", "filter = " + text)),
                    root -> ExpressionReader.read(root, "filter"));
        } catch (ConfigException malformed) {
            throw new IllegalArgumentException("filter: " + malformed.getMessage(), malformed);
        }
        if (!loaded.isValid()) {
            throw new IllegalArgumentException(
                    loaded.problems().stream().map(Problem::toString).collect(Collectors.joining("; ")));
        }
        if (Expression.asksForCountries(loaded.value())) {
            throw new IllegalArgumentException("in_country (expected: only in policies)");
        }
        FieldSlots fields = new FieldSlots();
        Condition condition = new ConditionCompiler(fields).compile(loaded.value());
        if (!fields.bodyFields().isEmpty()) {
            throw new IllegalArgumentException(fields.bodyFields() + " (expected: only in policies)");
        }
        return new RequestFilter(condition, fields.size());
    }

    /** Whether {@code request} fulfils the condition. */
    public boolean matches(RequestContext request) {
        return condition.matches(new Inputs(request, slots));
    }
}
