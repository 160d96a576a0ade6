package com.esperr.gateway.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of one question or event, ready to be sent, alone or among others. Immutable.
 */
final class Answer {
    private final int status;
    private final byte[] json;
    private final @Nullable String decisionId;
    private final Map<String, String> headers;

    Answer(int status, byte[] json, @Nullable String decisionId) {
        this(status, json, decisionId, Map.of());
    }

    private Answer(int status, byte[] json, @Nullable String decisionId, Map<String, String> headers) {
        this.status = status;
        this.json = json;
        this.decisionId = decisionId;
        this.headers = headers;
    }

    int status() {
        return status;
    }

    byte[] json() {
        return json;
    }

    @Nullable
    String decisionId() {
        return decisionId;
    }

    static final String DECISION_ID = "X-Esper-Decision-ID";

    static Answer refused(ApiError error) {
        return new Answer(error.status(), error.json(), null, error.headers());
    }

    /** Whether it is about what was asked, and not about the moment at which it was. */
    boolean lasts() {
        return status < 500;
    }

    ApiReply reply() {
        ApiReply reply = new ApiReply(status, ApiReply.JSON, headers, json);
        return decisionId == null ? reply : reply.with(DECISION_ID, decisionId);
    }
}
