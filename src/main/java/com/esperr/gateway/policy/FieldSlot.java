package com.esperr.gateway.policy;

import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestField;

/**
 * Where the value of a field is kept while a request is evaluated, so that a thousand conditions on one header read it
 * once. Immutable.
 *
 * @param index the position, the same for all conditions of a policy set
 * @param field which field
 * @param folded whether the value is kept in lower case, for conditions that ignore case
 */
record FieldSlot(int index, FieldReference field, boolean folded) {
    /** What reading the field costs the first time; only the order matters. */
    int cost() {
        int cost = cost(field.field());
        return folded ? cost + 2 : cost;
    }

    private static int cost(RequestField field) {
        return switch (field) {
            case REQUEST_METHOD -> 1;
            case REQUEST_PATH, REQUEST_HOST, SOURCE_ID -> 2;
            case TLS_VERSION,
                    TLS_CIPHER,
                    TLS_SNI,
                    TLS_CLIENT_VERIFIED,
                    TLS_CLIENT_SUBJECT,
                    TLS_CLIENT_SAN,
                    TLS_CLIENT_FINGERPRINT,
                    TLS_CLIENT_SERIAL -> 3;
            case CLIENT_IP -> 4;
            case ROUTE_PARAM -> 6;
            case REQUEST_HEADER, USER_AGENT, REFERRER, BODY_TYPE -> 10;
            case BODY -> 15;
            case BOT_NAME, BOT_VERIFIED, BOT_METHOD, BOT_IMPOSTOR -> 16;
            case COOKIE, QUERY_PARAM -> 20;
            case OBSERVED_AT -> 30;
            // two hashes, once for each connection
            case TLS_JA4 -> 40;
        };
    }
}
