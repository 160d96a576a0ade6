package com.esperr.gateway.admin;

import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.http.Cookies;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is let in: with {@code admin.token}, whoever shows it in a header or has signed in with it; without, everybody, but the
 * dashboard only where no other machine reaches the port. Thread-safe.
 */
final class Gate {
    /** The cookie of a session. */
    static final String COOKIE = "esper_operator";

    static final String CHALLENGE = "Bearer realm=\"esper-gateway\"";

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final String BEARER = "bearer ";

    private final @Nullable OperatorToken token;
    private final boolean exposed;
    private final Sessions sessions;
    private final Attempts attempts;

    /** What came of showing a token. */
    enum Verdict {
        RIGHT,
        WRONG,
        TOO_OFTEN
    }

    Gate(AdminConfig config, LongSupplier nanos) {
        this.token = config.token();
        this.exposed = config.exposed();
        this.sessions = new Sessions(config.dashboard().session(), nanos);
        this.attempts = new Attempts(nanos);
    }

    /** Whether somebody has to sign in. */
    boolean asks() {
        return token != null;
    }

    /** Whether there is no dashboard, because anybody might look at it. */
    boolean unguarded() {
        return token == null && exposed;
    }

    /** How full is what is remembered of those who sign in. */
    List<Fill> fills() {
        return List.of(sessions.fill(), attempts.fill());
    }

    Sessions sessions() {
        return sessions;
    }

    /** Why {@code request} for {@code endpoint} is not answered, or null if it is; not for what everybody may ask. */
    @Nullable
    AdminReply refusal(Endpoint endpoint, HttpRequest request, Caller caller) {
        if (unguarded() && endpoint.ownPagesOnly()) {
            return AdminReply.text(
                    403,
                    "dashboard: not where other machines reach it without a token (expected: admin.token, or admin.address"
                            + " on loopback)");
        }
        if (token == null || admits(caller)) {
            return null;
        }
        String shown = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        if (!shown.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return AdminReply.text(
                            401,
                            "token: missing (expected: Authorization: Bearer admin.token, or sign in at /dashboard)")
                    .with("www-authenticate", CHALLENGE);
        }
        return switch (verdict(shown.substring(BEARER.length()).strip(), caller)) {
            case RIGHT -> null;
            case WRONG -> wrong().with("www-authenticate", CHALLENGE);
            case TOO_OFTEN -> tooOften();
        };
    }

    /** Whether {@code caller} needs to show nothing more. */
    boolean admits(Caller caller) {
        return token == null || sessions.holds(caller.session());
    }

    /** Looks at a token that {@code caller} shows. */
    Verdict verdict(String shown, Caller caller) {
        if (!attempts.allows(caller.address())) {
            return Verdict.TOO_OFTEN;
        }
        if (token != null && token.is(shown)) {
            return Verdict.RIGHT;
        }
        attempts.failed(caller.address());
        LOG.warn("operator port: {} showed a wrong token", caller.address());
        return Verdict.WRONG;
    }

    static AdminReply wrong() {
        return AdminReply.text(401, "token: wrong (expected: that of admin.token)");
    }

    static AdminReply tooOften() {
        return AdminReply.text(429, "token: wrong too often (expected: a minute of patience)");
    }

    /** Who sends {@code request} over a connection from {@code remote}. */
    static Caller caller(HttpRequest request, @Nullable SocketAddress remote) {
        HttpHeaders headers = request.headers();
        List<String> cookies =
                Cookies.parse(headers.getAll(HttpHeaderNames.COOKIE)).all(COOKIE);
        String address = remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "";
        boolean secure = "https".equalsIgnoreCase(headers.get("x-forwarded-proto"));
        // A name that occurs twice was planted by somebody.
        return new Caller(address, cookies.size() == 1 ? cookies.get(0) : null, secure);
    }
}
