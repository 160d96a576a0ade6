package com.esperr.gateway.signatures;

import java.util.List;
import java.util.stream.Collectors;

/** What a list or a dictionary is made of (RFC 9651 section 3.1); its text is the canonical one. Immutable. */
sealed interface Member {
    Parameters parameters();

    /** One value. */
    record Item(BareItem value, Parameters parameters) implements Member {
        @Override
        public String toString() {
            return value.toString() + parameters;
        }
    }

    /** Several values in brackets. */
    record InnerList(List<Item> items, Parameters parameters) implements Member {
        @Override
        public String toString() {
            return items.stream().map(Item::toString).collect(Collectors.joining(" ", "(", ")")) + parameters;
        }
    }
}
