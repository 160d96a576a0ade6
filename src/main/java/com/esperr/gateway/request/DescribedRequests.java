package com.esperr.gateway.request;

import com.esperr.gateway.http.Authority;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Cookies;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.Methods;
import com.esperr.gateway.http.NormalPath;
import com.esperr.gateway.http.PathRefusal;
import com.esperr.gateway.http.PathResult;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.RequestTarget;
import com.esperr.gateway.net.AddressSource;
import com.esperr.gateway.net.ClientAddress;
import com.esperr.gateway.net.IpAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes contexts of requests that were told of, so that a policy sees the same model as of those that were received.
 * Thread-safe. What was not told is absent: nothing is made up in its place.
 */
final class DescribedRequests {
    private static final IpAddress NOBODY = IpAddress.ofIpv4(0);
    private static final NormalPath NO_PATH = new NormalPath("", "");
    private static final NormalPath ASTERISK = new NormalPath("*", "*");
    private static final int LONGEST_URL = 8192;

    private final PathRules paths;
    private final Routes routes;
    private final LongSupplier millis;

    DescribedRequests(PathRules paths, Routes routes, LongSupplier millis) {
        this.millis = millis;
        this.paths = paths;
        this.routes = routes;
    }

    RequestContext context(RequestDescription told) {
        if (!told.method.isEmpty() && !Methods.isToken(told.method)) {
            throw new DescriptionException("request.method", "a method such as POST");
        }
        NormalPath path = path(told.path);
        Fields fields = fields(told);
        RequestTarget.@Nullable AbsoluteForm back = returnUrl(told.returnUrl);
        String query = query(told.queryParams);
        Routes.Match match = routes.match(told.method, path.decide());
        RequestContext context = new RequestContext(
                new RequestHead(told.method, told.path, HttpVersion.HTTP_1_1, fields, BodyLength.NONE, true, false),
                path,
                query,
                origination(told, fields, back),
                RequestId.random(),
                match.route(),
                told.routeParams.isEmpty() ? match.parameters() : Map.copyOf(told.routeParams),
                ChallengeTraces.NONE);
        context.describedAs(told.returnUrl, cookies(told.cookies, fields), millis.getAsLong());
        context.bodyFields(new BodyFields(body(told.fields), false));
        BotFacts bot = told.bot;
        return context.recognisedBy(request -> bot);
    }

    /** What is told as a field is what a policy finds in the body. */
    private static Map<String, String> body(Map<String, String> fields) {
        return fields.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        field -> new FieldReference(RequestField.BODY, field.getKey()).toString(),
                        Map.Entry::getValue));
    }

    private static RequestContext.Origination origination(
            RequestDescription told, Fields fields, RequestTarget.@Nullable AbsoluteForm back) {
        ClientAddress client = client(told.clientIp, fields);
        return new RequestContext.Origination(
                back == null ? "http" : back.scheme(),
                back == null ? host(fields) : back.authority(),
                client,
                client.address(),
                told.observedAtMillis,
                told.source);
    }

    private NormalPath path(String told) {
        if (told.isEmpty()) {
            return NO_PATH;
        }
        if (told.equals("*")) {
            return ASTERISK;
        }
        PathResult result = paths.normalise(ascii(told));
        if (result instanceof NormalPath normal) {
            return normal;
        }
        throw new DescriptionException(
                "request.path", "a path such as /basket, without a query; " + ((PathRefusal) result).text());
    }

    /** Who speaks of a request may have decoded its path; what a URL cannot hold is encoded again. */
    private static String ascii(String told) {
        StringBuilder encoded = null;
        for (int i = 0; i < told.length(); ) {
            int character = told.codePointAt(i);
            if ((character == ' ' || character > 0x7f) && encoded == null) {
                encoded = new StringBuilder(told.length() + 16).append(told, 0, i);
            }
            if (encoded != null && character == ' ') {
                encoded.append("%20");
            } else if (encoded != null && character > 0x7f) {
                encoded.append(URLEncoder.encode(Character.toString(character), StandardCharsets.UTF_8));
            } else if (encoded != null) {
                encoded.appendCodePoint(character);
            }
            i += Character.charCount(character);
        }
        return encoded == null ? told : encoded.toString();
    }

    private static Fields fields(RequestDescription told) {
        Fields.Builder fields = Fields.builder(told.headers.size() + 1);
        if (told.userAgent != null) {
            add(fields, "user-agent", told.userAgent, "request.user_agent");
        }
        told.headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!Methods.isToken(lower)) {
                throw new DescriptionException("request.headers", "names of headers");
            }
            if (told.userAgent == null || !lower.equals("user-agent")) {
                add(fields, lower, value, "request.headers." + lower);
            }
        });
        return fields.build();
    }

    private static void add(Fields.Builder fields, String name, String value, String field) {
        int highest = 0;
        // Not as streams: whoever replays a million requests is here ten million times.
        for (int i = 0; i < value.length(); i++) {
            highest |= value.charAt(i);
        }
        // A header is bytes; those who read them as ISO-8859-1 hand over exactly these, others characters of UTF-8.
        String bytes = highest <= 0xff
                ? value
                : new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try {
            fields.add(name, bytes);
        } catch (IllegalArgumentException broken) {
            throw new DescriptionException(field, "a text without line breaks and NUL");
        }
    }

    private static @Nullable String query(Map<String, String> params) {
        if (params.isEmpty()) {
            return null;
        }
        String query = params.entrySet().stream()
                .map(param -> URLEncoder.encode(param.getKey(), StandardCharsets.UTF_8)
                        + '='
                        + URLEncoder.encode(param.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        // Padding must not push a parameter beyond what a policy sees.
        if (QueryParameters.parse(query).truncated()) {
            throw new DescriptionException("request.query_params", "fewer parameters");
        }
        return query;
    }

    private static Cookies cookies(Map<String, String> told, Fields fields) {
        Cookies cookies = Cookies.of(told, fields.all(FieldName.COOKIE));
        if (cookies.truncated()) {
            throw new DescriptionException("request.cookies", "fewer cookies");
        }
        return cookies;
    }

    private static RequestTarget.@Nullable AbsoluteForm returnUrl(@Nullable String told) {
        if (told == null) {
            return null;
        }
        if (told.length() <= LONGEST_URL
                && RequestTarget.parse(told, "GET") instanceof RequestTarget.AbsoluteForm absolute
                && told.indexOf('\\') < 0) {
            return absolute;
        }
        throw new DescriptionException("return_url", "the absolute http(s) URL that the visitor asked for");
    }

    private static @Nullable Authority host(Fields fields) {
        String value = fields.get(FieldName.HOST);
        return value == null ? null : Authority.parseOrNull(value);
    }

    private static ClientAddress client(@Nullable String told, Fields fields) {
        if (told != null) {
            IpAddress address = IpAddress.parseOrNull(told);
            if (address == null) {
                throw new DescriptionException("request.client_ip", "an IP address");
            }
            return new ClientAddress(address, AddressSource.HEADER, false);
        }
        // The other place of the contract for what is known of the address. A list would be what the visitor says.
        String header = fields.get(FieldName.X_FORWARDED_FOR);
        IpAddress address = header == null ? null : IpAddress.parseOrNull(header);
        return address == null
                ? new ClientAddress(NOBODY, AddressSource.UNKNOWN, false)
                : new ClientAddress(address, AddressSource.X_FORWARDED_FOR, false);
    }
}
