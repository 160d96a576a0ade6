package com.esperr.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one request that a visitor made, as far as Esper is to know them. Immutable. The headers that carry credentials (those
 * for authorization, the ones that set or send cookies, the API key) and the proof of a challenge among the query parameters are left
 * out, whatever is handed in.
 *
 * @param method the HTTP method
 * @param path the path as it was asked for, without the query
 * @param headers headers by name, in lower case
 * @param queryParams query parameters by name
 * @param cookies cookies by name; send only those that policies need
 * @param routeParams parameters of the route that matched
 * @param clientIp the visitor's address as far as it can be trusted, or null
 * @param userAgent the visitor's user agent, or null
 */
public record VisitorRequest(
        String method,
        String path,
        Map<String, String> headers,
        Map<String, String> queryParams,
        Map<String, String> cookies,
        Map<String, String> routeParams,
        @Nullable String clientIp,
        @Nullable String userAgent) {
    private static final Pattern METHOD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern PATH = Pattern.compile("(?s)/[^?]*|\\*");
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Set<String> SECRET =
            Set.of("authorization", "proxy-authorization", "cookie", "set-cookie", "x-esper-api-key");

    /** Checks and copies; see {@link #builder}. */
    public VisitorRequest {
        Problems problems = new Problems();
        problems.expect("request.method", method, METHOD, "an HTTP method");
        problems.expect("request.path", path, PATH, "a path that begins with / and has no query");
        headers = publicHeaders(headers);
        queryParams = copy(queryParams);
        queryParams.remove(ReturnUrl.PROOF_PARAMETER);
        queryParams = Collections.unmodifiableMap(queryParams);
        cookies = Collections.unmodifiableMap(copy(cookies));
        routeParams = Collections.unmodifiableMap(copy(routeParams));
        clientIp = withoutZone(clientIp);
        if (clientIp != null && !isAddress(clientIp)) {
            problems.add("request.client_ip", clientIp, "an IP address");
        }
        userAgent = userAgent == null ? headers.get("user-agent") : userAgent;
        problems.throwIfAny();
    }

    /** A builder of a request for this path. */
    public static Builder builder(String method, String path) {
        return new Builder(method, path);
    }

    private static Map<String, String> publicHeaders(Map<String, String> headers) {
        Map<String, String> copy = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (value != null && !SECRET.contains(lower)) {
                copy.put(lower, value);
            }
        });
        return Collections.unmodifiableMap(copy);
    }

    private static Map<String, String> copy(Map<String, String> map) {
        Map<String, String> copy = new LinkedHashMap<>(map);
        copy.values().removeIf(value -> value == null);
        return copy;
    }

    /** Servers hand out link-local addresses with the name of their interface, which means nothing elsewhere. */
    private static @Nullable String withoutZone(@Nullable String address) {
        int zone = address == null ? -1 : address.indexOf('%');
        return address == null || zone < 0 ? address : address.substring(0, zone);
    }

    private static boolean isAddress(String text) {
        if (!IPV6.matcher(text).matches()) {
            return IPV4.matcher(text).matches();
        }
        try {
            // With a colon in it, it is never looked up.
            return InetAddress.getByName(text) != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Method and path: headers and cookies are not for logs. */
    @Override
    public String toString() {
        return method + ' ' + path;
    }

    /** Builds a {@link VisitorRequest}; of several values under one name the last counts. Confined to one thread. */
    public static final class Builder {
        private final String method;
        private final String path;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private final Map<String, String> queryParams = new LinkedHashMap<>();
        private final Map<String, String> cookies = new LinkedHashMap<>();
        private final Map<String, String> routeParams = new LinkedHashMap<>();
        private @Nullable String clientIp;
        private @Nullable String userAgent;

        private Builder(String method, String path) {
            this.method = method;
            this.path = path;
        }

        /** Adds a header; credentials are left out. */
        public Builder header(String name, String value) {
            headers.put(name.toLowerCase(Locale.ROOT), value);
            return this;
        }

        /** Adds a query parameter. */
        public Builder queryParam(String name, String value) {
            queryParams.put(name, value);
            return this;
        }

        /** Adds a cookie. */
        public Builder cookie(String name, String value) {
            cookies.put(name, value);
            return this;
        }

        /** Adds a parameter of the route. */
        public Builder routeParam(String name, String value) {
            routeParams.put(name, value);
            return this;
        }

        /** Sets the visitor's address; it is also what {@code x-forwarded-for} will say. */
        public Builder clientIp(@Nullable String address) {
            this.clientIp = address;
            return this;
        }

        /** Sets the user agent; without it, the header of that name counts. */
        public Builder userAgent(@Nullable String text) {
            this.userAgent = text;
            return this;
        }

        /** The request. @throws EsperValidationException if it cannot be sent */
        public VisitorRequest build() {
            return new VisitorRequest(method, path, headers, queryParams, cookies, routeParams, clientIp, userAgent);
        }
    }
}
