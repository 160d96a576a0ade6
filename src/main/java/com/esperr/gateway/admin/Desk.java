package com.esperr.gateway.admin;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which endpoint answers a request, and which requests none may answer. Immutable. */
final class Desk {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

    /** The header that a change needs. */
    static final String OPERATOR = "X-Esper-Operator";

    private static final String NOTHING = "path: nothing here (expected: one of the paths listed at /)";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    private final HostRule hosts;
    private final Gate gate;
    private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();

    /** The {@code endpoints}, and an index of them at {@code /} unless one of them is there already. */
    Desk(HostRule hosts, Gate gate, List<Endpoint> endpoints) {
        this.hosts = hosts;
        this.gate = gate;
        List<Endpoint> all = new ArrayList<>(endpoints);
        all.add(new IndexEndpoint(endpoints));
        all.forEach(endpoint -> this.endpoints.putIfAbsent(endpoint.path(), endpoint));
    }

    /** Why {@code request} is not passed to an endpoint, or null if it may be. */
    @Nullable
    AdminReply refusal(FullHttpRequest request, Caller caller) {
        if (request.decoderResult().isFailure() || !request.uri().startsWith("/")) {
            return AdminReply.text(400, "request: malformed (expected: GET /path HTTP/1.1)");
        }
        List<String> named = request.headers().getAll(HttpHeaderNames.HOST);
        // No browser leaves Host out, so the old health checkers that do are no danger (RFC 9112 section 3.2).
        boolean mayLackHost = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (named.size() > 1 || (named.isEmpty() && !mayLackHost)) {
            return AdminReply.text(400, "host: " + named.size() + " headers (expected: one)");
        }
        if (!named.isEmpty() && !hosts.admits(named.get(0))) {
            return AdminReply.text(
                    421, "host: not served here (expected: an address, localhost or one of admin.allowed-hosts)");
        }
        Endpoint endpoint = endpoint(request);
        if (endpoint == null) {
            return AdminReply.text(404, NOTHING);
        }
        AdminReply closed = endpoint.open() ? null : gate.refusal(endpoint, request, caller);
        if (closed != null) {
            return closed;
        }
        if (isChange(request)) {
            return changeRefusal(request);
        }
        if (endpoint.ownPagesOnly() && OwnPages.foreign(request)) {
            return AdminReply.text(403, "origin: another (expected: a request of the dashboard's)");
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            return AdminReply.text(405, "method: not allowed (expected: " + allowed(request) + ")");
        }
        return null;
    }

    /** The methods that can be used on what {@code request} asks for. */
    String allowed(FullHttpRequest request) {
        return endpoint(request) instanceof ChangingEndpoint ? "GET, HEAD, POST, DELETE" : "GET, HEAD";
    }

    private boolean isChange(FullHttpRequest request) {
        return endpoint(request) instanceof ChangingEndpoint
                && (request.method().equals(HttpMethod.POST) || request.method().equals(HttpMethod.DELETE));
    }

    /** Whether answering {@code request} may take seconds. */
    boolean isSlow(FullHttpRequest request) {
        return isChange(request) && endpoint(request) instanceof ChangingEndpoint changing && changing.isSlow();
    }

    /** A page on the web can send a form here, but not this header; and what it does send says whose it is. */
    private static @Nullable AdminReply changeRefusal(FullHttpRequest request) {
        List<String> named = request.headers().getAll(OPERATOR);
        if (named.size() != 1 || !NAME.matcher(named.get(0)).matches()) {
            return AdminReply.text(403, OPERATOR + ": missing or wrong (expected: the name of who asks)");
        }
        if (OwnPages.foreign(request)) {
            return AdminReply.text(403, "origin: another (expected: a request that no page of another site has made)");
        }
        return null;
    }

    /** The work of answering {@code request}, which was not refused; the work needs the request no more. */
    Answer answer(FullHttpRequest request, Caller caller) {
        Endpoint endpoint = endpoint(request);
        if (endpoint == null) {
            // It was there a moment ago, when the request was not refused.
            return () -> AdminReply.text(404, NOTHING);
        }
        int mark = request.uri().indexOf('?');
        String query = mark < 0 ? null : request.uri().substring(mark + 1);
        if (isChange(request) && endpoint instanceof ChangingEndpoint changing) {
            AdminChange change = new AdminChange(
                    request.method().equals(HttpMethod.DELETE),
                    query,
                    request.content().toString(StandardCharsets.UTF_8),
                    request.headers().get(OPERATOR),
                    caller);
            return () -> ask(endpoint.path(), () -> changing.change(change));
        }
        // Accept may be a list over several lines (RFC 9110 section 5.2).
        List<String> accept = request.headers().getAll(HttpHeaderNames.ACCEPT);
        AdminRequest asked =
                new AdminRequest(path(request), query, accept.isEmpty() ? null : String.join(",", accept), caller);
        return () -> ask(endpoint.path(), () -> endpoint.answer(asked));
    }

    private static AdminReply ask(String path, Answer endpoint) {
        try {
            return endpoint.work();
        } catch (RuntimeException | Error fault) {
            LOG.error("operator port: {} failed", path, fault);
            return AdminReply.text(500, "failed; the reason is in the log");
        }
    }

    private @Nullable Endpoint endpoint(FullHttpRequest request) {
        String path = path(request);
        Endpoint exact = at(path);
        int slash = path.indexOf('/', 1);
        if (exact != null || slash < 0) {
            return exact;
        }
        Endpoint above = at(path.substring(0, slash));
        return above != null && above.answersBelow() ? above : null;
    }

    private @Nullable Endpoint at(String path) {
        Endpoint known = endpoints.get(path);
        return known != null && known.present() ? known : null;
    }

    private static String path(FullHttpRequest request) {
        int mark = request.uri().indexOf('?');
        return mark < 0 ? request.uri() : request.uri().substring(0, mark);
    }

    /** Works out one reply on an admin thread; never throws. */
    interface Answer {
        /** The reply. */
        AdminReply work();
    }
}
