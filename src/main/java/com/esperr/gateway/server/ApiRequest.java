package com.esperr.gateway.server;

import com.esperr.gateway.http.QueryParameters;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request as operations see it. Immutable; the body is an array of its own. */
final class ApiRequest {
    private final String method;
    private final String path;
    private final QueryParameters query;
    private final Function<String, @Nullable String> headers;
    private final byte[] body;

    ApiRequest(
            String method,
            String path,
            QueryParameters query,
            Function<String, @Nullable String> headers,
            byte[] body) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.body = body;
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    QueryParameters query() {
        return query;
    }

    byte[] body() {
        return body;
    }

    /** The one value of a header by its lower-case name, or null if it is missing or repeated. */
    @Nullable
    String header(String name) {
        return headers.apply(name);
    }
}
