package com.esperr.gateway.upstream;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestField;

/**
 * Which endpoint of several a request goes to. Immutable.
 *
 * @param rule how it is chosen
 * @param hashOn with {@link Rule#CONSISTENT_HASH} the fact about a request that chooses
 */
record Balance(Rule rule, FieldReference hashOn) {
    private static final String EXPECTED_FIELD = "a field as in policies, e.g. client_ip or cookie[session]";

    /** The ways to choose. */
    enum Rule {
        /** The one with less to do of two that chance picks. */
        LEAST_LOADED,
        /** One after the other. */
        ROUND_ROBIN,
        /** For equal values the same one, as long as it is well. */
        CONSISTENT_HASH
    }

    /** Reads {@code balance} and {@code hash-on}. */
    static Balance read(Section section) {
        return new Balance(
                section.choice("balance", Rule.class),
                section.parsed(
                        "hash-on",
                        EXPECTED_FIELD,
                        new FieldReference(RequestField.CLIENT_IP, ""),
                        FieldReference::parse));
    }
}
