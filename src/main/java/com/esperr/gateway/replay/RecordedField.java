package com.esperr.gateway.replay;

import com.esperr.gateway.esper.Credentials;
import com.esperr.gateway.esper.Treatment;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestDescription;
import com.esperr.gateway.request.RequestField;

/**
 * One entry of {@code record.fields}: a fact that is recorded and what is done to it before. Immutable.
 *
 * @param name as policies write it, which is also its name in the file
 * @param reference the fact
 * @param treatment what is done to it
 */
record RecordedField(String name, FieldReference reference, Treatment treatment) {
    private static final Telling NOTHING = (request, value) -> {};

    static final String EXPECTED = "a field of policies and what is done to it, e.g. cookie[account] | hash";

    static RecordedField parse(String text) {
        // Behind the last bracket, as a name inside brackets may hold anything.
        int bar = text.indexOf('|', text.lastIndexOf(']') + 1);
        FieldReference reference = FieldReference.parse((bar < 0 ? text : text.substring(0, bar)).strip());
        Treatment standard = reference.field() == RequestField.COOKIE ? Treatment.HASH : Treatment.AS_IS;
        Treatment treatment =
                bar < 0 ? standard : Treatment.parse(text.substring(bar + 1).strip());
        if (!canBeTold(reference.field()) || Credentials.told(reference, treatment)) {
            throw new IllegalArgumentException(text);
        }
        return new RecordedField(reference.toString(), reference, treatment);
    }

    /** Whether a request can be described with it; the others are always recorded, or belong to a connection. */
    private static boolean canBeTold(RequestField field) {
        return switch (field) {
            case REQUEST_HOST, REQUEST_HEADER, QUERY_PARAM, COOKIE, ROUTE_PARAM, REFERRER, BODY_TYPE, BODY -> true;
            default -> false;
        };
    }

    /** Tells a request of a value that was recorded under a name. */
    interface Telling {
        void tell(RequestDescription request, String value);
    }

    /** How values are told that were recorded under {@code name}; those of one that is no field say nothing. */
    static Telling telling(String name) {
        int bracket = name.indexOf('[');
        if (bracket < 0) {
            return switch (name) {
                case "request_host" -> (request, value) -> request.header("host", value);
                case "referrer" -> (request, value) -> request.header("referer", value);
                case "body_type" -> (request, value) -> request.header("content-type", value);
                default -> NOTHING;
            };
        }
        if (!name.endsWith("]")) {
            return NOTHING;
        }
        String inside = name.substring(bracket + 1, name.length() - 1);
        return switch (name.substring(0, bracket)) {
            case "request_header" -> (request, value) -> request.header(inside, value);
            case "query_param" -> (request, value) -> request.queryParam(inside, value);
            case "cookie" -> (request, value) -> request.cookie(inside, value);
            case "route_param" -> (request, value) -> request.routeParam(inside, value);
            case "body" -> (request, value) -> request.field(inside, value);
            default -> NOTHING;
        };
    }
}
