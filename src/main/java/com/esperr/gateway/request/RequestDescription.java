package com.esperr.gateway.request;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that was not received here but told of: a question or an event of Esper's contract, or a test of a policy. Texts
 * that were not told stay empty or null, and the context made of it then has no such fact. Confined to the thread that fills
 * it.
 */
public final class RequestDescription {
    String method = "";
    String path = "";
    final Map<String, String> headers = new LinkedHashMap<>();
    final Map<String, String> queryParams = new LinkedHashMap<>();
    final Map<String, String> cookies = new LinkedHashMap<>();
    final Map<String, String> routeParams = new LinkedHashMap<>();
    final Map<String, String> fields = new LinkedHashMap<>();
    String source = "";
    long observedAtMillis;

    @Nullable
    String clientIp;

    @Nullable
    String userAgent;

    @Nullable
    String returnUrl;

    BotFacts bot = BotFacts.NONE;

    /** The method. */
    public RequestDescription method(String told) {
        method = told;
        return this;
    }

    /** The path, percent-encoded, without a query. */
    public RequestDescription path(String told) {
        path = told;
        return this;
    }

    /** One header. */
    public RequestDescription header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** One query parameter, decoded. */
    public RequestDescription queryParam(String name, String value) {
        queryParams.put(name, value);
        return this;
    }

    /** One cookie. */
    public RequestDescription cookie(String name, String value) {
        cookies.put(name, value);
        return this;
    }

    /** One segment that a route captured. */
    public RequestDescription routeParam(String name, String value) {
        routeParams.put(name, value);
        return this;
    }

    /** One of the fields, which stand for what was found in the body and elsewhere. */
    public RequestDescription field(String name, String value) {
        fields.put(name, value);
        return this;
    }

    /** The visitor's address. */
    public RequestDescription clientIp(@Nullable String told) {
        clientIp = told;
        return this;
    }

    /** The User-Agent, instead of one among the headers. */
    public RequestDescription userAgent(@Nullable String told) {
        userAgent = told;
        return this;
    }

    /** The absolute URL that the visitor asked for. */
    public RequestDescription returnUrl(@Nullable String told) {
        returnUrl = told;
        return this;
    }

    /** The bot that the request comes from. */
    public RequestDescription bot(BotFacts told) {
        bot = told;
        return this;
    }

    /** Who tells of it, in Esper's vocabulary. */
    public RequestDescription source(String told) {
        source = told;
        return this;
    }

    /** When it was received, epoch milliseconds. */
    public RequestDescription observedAtMillis(long told) {
        observedAtMillis = told;
        return this;
    }
}
