package com.esperr.gateway.policy;

import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.IpAddress;
import dev.cel.runtime.CelEvaluationException;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * A condition compiled for evaluation. Immutable and without effects, which is why the parts of a combination may be asked
 * in the order of their costs.
 */
sealed interface Condition {
    /** True for every request. */
    Condition ALWAYS = new Constant(true);

    /** Whether the request fulfils it. */
    boolean matches(Inputs inputs);

    /** What asking costs, in no particular unit; only the order matters. */
    int cost();

    /** True if all of {@code parts} are. */
    static Condition all(List<Condition> parts) {
        List<Condition> asked = parts.stream()
                .filter(part -> part != ALWAYS)
                .sorted(Comparator.comparingInt(Condition::cost))
                .toList();
        return switch (asked.size()) {
            case 0 -> ALWAYS;
            case 1 -> asked.get(0);
            default -> new AllOf(asked.toArray(Condition[]::new), total(asked));
        };
    }

    /** True if one of {@code parts} is. */
    static Condition any(List<Condition> parts) {
        if (parts.contains(ALWAYS)) {
            return ALWAYS;
        }
        List<Condition> asked =
                parts.stream().sorted(Comparator.comparingInt(Condition::cost)).toList();
        return asked.size() == 1 ? asked.get(0) : new AnyOf(asked.toArray(Condition[]::new), total(asked));
    }

    private static int total(List<Condition> parts) {
        return parts.stream().mapToInt(Condition::cost).sum();
    }

    /** The same answer for all. */
    record Constant(boolean answer) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            return answer;
        }

        @Override
        public int cost() {
            return 0;
        }
    }

    /** And. */
    @SuppressWarnings("ArrayRecordComponent")
    record AllOf(Condition[] parts, int cost) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            for (Condition part : parts) {
                if (!part.matches(inputs)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Or. */
    @SuppressWarnings("ArrayRecordComponent")
    record AnyOf(Condition[] parts, int cost) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            for (Condition part : parts) {
                if (part.matches(inputs)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Not. */
    record Negation(Condition part) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            return !part.matches(inputs);
        }

        @Override
        public int cost() {
            return part.cost();
        }
    }

    /** Tests the path, without keeping it anywhere: the most frequent question. */
    record PathTest(Predicate<String> test, int cost) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            return test.test(inputs.request().path());
        }
    }

    /** Tests the method. */
    record MethodTest(Predicate<String> test, int cost) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            return test.test(inputs.request().method());
        }
    }

    /** Tests the text of any field; false when there is none. */
    record TextTest(FieldSlot slot, Predicate<String> test, int cost) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            String value = inputs.text(slot);
            return value != null && test.test(value);
        }
    }

    /** Whether any field has a value. */
    record Presence(FieldSlot slot, int cost) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            return inputs.text(slot) != null;
        }
    }

    /** Whether a header is there, without reading it. */
    record HeaderPresence(String name, int cost) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            return inputs.request().fields().contains(name);
        }
    }

    /** Whether the visitor's address is in the networks. */
    record AddressTest(CidrSet networks, int cost) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            IpAddress address = inputs.request().clientAddress();
            return address != null && networks.contains(address);
        }
    }

    /** Whether the visitor's address is in one of the countries. */
    record CountryTest(Predicate<String> codes, int cost) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            return inputs.isInCountry(codes);
        }
    }

    /** Whether the address in any field is in one of the countries. */
    record FieldCountryTest(FieldSlot slot, Predicate<String> codes, int cost) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            String value = inputs.text(slot);
            return value != null && inputs.isInCountry(value, codes);
        }
    }

    /** A CEL expression; one that cannot be evaluated is not fulfilled. */
    @SuppressWarnings("ArrayRecordComponent")
    record CelTest(CelExpression expression, FieldSlot[] slots, int cost) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            try {
                return Boolean.TRUE.equals(expression.program().eval(new CelValues(expression, slots, inputs)));
            } catch (CelEvaluationException | RuntimeException failed) {
                inputs.failed();
                return false;
            }
        }
    }

    /** Tests when the request was observed, in epoch milliseconds. */
    record TimeTest(LongPredicate test, int cost) implements Condition {
        @Override
        public boolean matches(Inputs inputs) {
            return test.test(inputs.request().observedAtMillis());
        }
    }
}
