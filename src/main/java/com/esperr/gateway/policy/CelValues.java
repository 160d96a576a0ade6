package com.esperr.gateway.policy;

import com.esperr.gateway.request.RequestField;
import dev.cel.runtime.CelVariableResolver;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the names of one CEL expression stand for in one request, read when asked for. Confined to the request's event loop. */
final class CelValues implements CelVariableResolver {
    private static final int PREFIX = CelDialect.VALUE.length();

    private final CelExpression expression;
    private final FieldSlot[] slots;
    private final Inputs inputs;

    CelValues(CelExpression expression, FieldSlot[] slots, Inputs inputs) {
        this.expression = expression;
        this.slots = slots;
        this.inputs = inputs;
    }

    @Override
    public Optional<Object> find(String name) {
        return Optional.ofNullable(name.charAt(0) == '@' ? numbered(name) : field(name));
    }

    private @Nullable Object numbered(String name) {
        if (name.length() == PREFIX || !Character.isDigit(name.charAt(PREFIX))) {
            return null;
        }
        int number = Integer.parseInt(name, PREFIX, name.length(), 10);
        return switch (name.charAt(1)) {
            case 'v' -> inputs.text(slots[number]);
            case 'p' -> inputs.text(slots[number]) != null;
            default -> expression.tests().get(number).apply(inputs);
        };
    }

    private @Nullable Object field(String name) {
        RequestField field = CelNames.fieldOrNull(name);
        if (field == null) {
            return null;
        }
        return field == RequestField.OBSERVED_AT
                ? Instant.ofEpochMilli(inputs.request().observedAtMillis())
                : NamedValues.of(field, inputs.request());
    }
}
