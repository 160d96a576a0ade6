package com.esperr.gateway.server;

import com.esperr.gateway.bouncers.BouncerFilter;
import com.esperr.gateway.bouncers.Bouncers;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is active for addresses, as CrowdSec's local API tells its bouncers: all that fits a question, or the changes since the last
 * time. Thread-safe.
 */
final class BouncerOperation implements Operation {
    private static final String BUSY = "too many ask at once";

    private final boolean stream;

    private BouncerOperation(boolean stream) {
        this.stream = stream;
    }

    /** About one address, network or whatever is asked for. */
    static BouncerOperation lookup() {
        return new BouncerOperation(false);
    }

    /** The changes. */
    static BouncerOperation stream() {
        return new BouncerOperation(true);
    }

    @Override
    public String path() {
        return stream ? "/v1/decisions/stream" : "/v1/decisions";
    }

    @Override
    public Set<String> methods() {
        return Set.of("GET", "HEAD");
    }

    @Override
    public boolean keyed() {
        return true;
    }

    @Override
    public boolean crowdsec() {
        return true;
    }

    @Override
    public void answer(ApiCall call) {
        ApiRequest request = call.request();
        if (request.method().equals("HEAD")) {
            call.reply(ApiReply.json(200, new byte[0]));
            return;
        }
        BouncerFilter filter;
        try {
            filter = BouncerFilter.of(request.query());
        } catch (IllegalArgumentException wrong) {
            call.reply(refusal(400, String.valueOf(wrong.getMessage())));
            return;
        }
        Bouncers bouncers = call.caller().tenant().bouncers();
        Consumer<byte[]> sink = body -> call.reply(ApiReply.json(200, body));
        boolean startup = "true".equals(request.query().first("startup"));
        boolean taken = stream ? bouncers.changes(bouncer(call), startup, filter, sink) : bouncers.active(filter, sink);
        if (!taken) {
            call.reply(refusal(503, BUSY).with("retry-after", "5"));
        }
    }

    /** Bouncers of one key are told apart by what they call themselves. */
    private static String bouncer(ApiCall call) {
        @Nullable String agent = call.request().header("user-agent");
        return call.caller().key().id() + ' ' + (agent == null ? "" : agent.substring(0, Math.min(64, agent.length())));
    }

    /** A refusal as bouncers know it. */
    static ApiReply refusal(int status, String message) {
        return ApiReply.json(status, Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("message", message);
            out.writeEndObject();
        }));
    }
}
