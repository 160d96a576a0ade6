package com.esperr.gateway.policy;

import com.esperr.gateway.http.Cookies;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.request.HeaderText;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestField;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * All values of a field with names, each name with the value that the field has under it. For expressions that look through
 * all of them; the maps are made for one question. Stateless.
 */
final class NamedValues {
    private NamedValues() {}

    static Map<String, String> of(RequestField field, RequestContext request) {
        return switch (field) {
            case REQUEST_HEADER -> headers(request.fields());
            case QUERY_PARAM -> parameters(request.query());
            case COOKIE -> cookies(request.cookies());
            case ROUTE_PARAM -> request.routeParameters();
            default -> Map.of();
        };
    }

    private static Map<String, String> headers(Fields fields) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            values.putIfAbsent(fields.name(i).toLowerCase(Locale.ROOT), HeaderText.decoded(fields.value(i)));
        }
        return values;
    }

    private static Map<String, String> parameters(QueryParameters query) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < query.size(); i++) {
            values.put(query.name(i), query.value(i));
        }
        return values;
    }

    private static Map<String, String> cookies(Cookies cookies) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < cookies.size(); i++) {
            values.putIfAbsent(cookies.name(i), cookies.value(i));
        }
        return values;
    }
}
