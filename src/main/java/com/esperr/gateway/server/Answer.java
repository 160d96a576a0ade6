package com.esperr.gateway.server;

import org.jspecify.annotations.Nullable;

/**
 * What came of one question or event, ready to be sent, alone or among others. Immutable.
 */
final class Answer {
    private final int status;
    private final byte[] json;
    private final @Nullable String decisionId;

    Answer(int status, byte[] json, @Nullable String decisionId) {
        this.status = status;
        this.json = json;
        this.decisionId = decisionId;
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
        return new Answer(error.status(), error.json(), null);
    }

    /** Whether it is about what was asked, and not about the moment at which it was. */
    boolean lasts() {
        return status < 500;
    }

    ApiReply reply() {
        ApiReply reply = ApiReply.json(status, json);
        return decisionId == null ? reply : reply.with(DECISION_ID, decisionId);
    }
}
