package com.esperr.gateway.policy;

import java.util.function.LongPredicate;

/** The four operators of order, over numbers that fit a long. Stateless. */
final class Orders {
    private Orders() {}

    /** Whether a number stands to {@code bound} as the operator says. */
    static LongPredicate of(Operator operator, long bound) {
        return switch (operator) {
            case GREATER_THAN -> value -> value > bound;
            case GREATER_THAN_OR_EQUAL -> value -> value >= bound;
            case LESS_THAN -> value -> value < bound;
            case LESS_THAN_OR_EQUAL -> value -> value <= bound;
            default -> throw new IllegalArgumentException(operator.label());
        };
    }
}
