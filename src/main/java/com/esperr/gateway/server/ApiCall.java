package com.esperr.gateway.server;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One request that waits for its answer. Thread-safe. */
interface ApiCall {
    /** What was asked. */
    ApiRequest request();

    /** Whose key it came with; the operation needs one. */
    Caller caller();

    /** The event loop of the connection. */
    Executor loop();

    /** Answers; the second answer to one call is dropped. */
    void reply(ApiReply reply);

    /** Begins an answer that goes on until one side ends it, or answers null when the connection is gone already. */
    @Nullable
    ReplyStream stream(String contentType);
}
