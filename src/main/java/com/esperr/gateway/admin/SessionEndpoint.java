package com.esperr.gateway.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * {@code /dashboard/session}: POST of <code>{"token":"…"}</code> signs in, DELETE out, GET says how it stands. The cookie is for this
 * site's own requests only and no script can read it. Immutable.
 */
final class SessionEndpoint implements ChangingEndpoint {
    static final String PATH = "/dashboard/session";

    private static final JsonFactory JSON = new JsonFactory();

    private final Gate gate;

    SessionEndpoint(Gate gate) {
        this.gate = gate;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String about() {
        return "whether the dashboard asks for a token, and who has shown it";
    }

    @Override
    public boolean open() {
        return true;
    }

    @Override
    public boolean ownPagesOnly() {
        return true;
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        return AdminReply.json(
                200,
                "{\"required\":" + gate.asks() + ",\"unguarded\":" + gate.unguarded() + ",\"signed_in\":"
                        + gate.admits(request.caller()) + "}\n");
    }

    @Override
    public AdminReply change(AdminChange change) {
        if (change.remove()) {
            gate.sessions().close(change.caller().session());
            return AdminReply.text(200, "signed out").with("set-cookie", cookie("", 0, change.caller()));
        }
        if (!gate.asks()) {
            return AdminReply.text(422, "token: not asked for (expected: admin.token is set)");
        }
        String token = token(change.body());
        if (token == null) {
            return AdminReply.text(422, "body: not understood (expected: {\"token\":\"…\"})");
        }
        return switch (gate.verdict(token, change.caller())) {
            case RIGHT -> signedIn(change.caller());
            case WRONG -> Gate.wrong();
            case TOO_OFTEN -> Gate.tooOften();
        };
    }

    private AdminReply signedIn(Caller caller) {
        // What was valid before ends, so that nobody goes on with a session that somebody else has begun.
        gate.sessions().close(caller.session());
        long seconds = gate.sessions().lifetime().toSeconds();
        return AdminReply.text(200, "signed in")
                .with("set-cookie", cookie(gate.sessions().open(), seconds, caller));
    }

    private static String cookie(String value, long seconds, Caller caller) {
        return Gate.COOKIE + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (caller.secure() ? "; Secure" : "");
    }

    private static @Nullable String token(String body) {
        String token = null;
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean meant = json.currentName().equals("token");
                if (!json.nextToken().isScalarValue()) {
                    return null;
                }
                token = meant ? json.getText() : token;
            }
        } catch (IOException malformed) {
            return null;
        }
        return token;
    }
}
