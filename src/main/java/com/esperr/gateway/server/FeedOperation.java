package com.esperr.gateway.server;

import com.esperr.gateway.keys.LiveKeys;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The active mitigations of a tenant, and every change of them, for as long as the caller listens. Thread-safe. */
final class FeedOperation implements Operation {
    private final LiveKeys keys;

    FeedOperation(LiveKeys keys) {
        this.keys = keys;
    }

    @Override
    public String path() {
        return "/api/v1/hybrid/mitigations";
    }

    @Override
    public Set<String> methods() {
        return Set.of("GET");
    }

    @Override
    public boolean keyed() {
        return true;
    }

    @Override
    public void answer(ApiCall call) {
        Caller caller = call.caller();
        FeedHub feed = caller.tenant().feed();
        if (!feed.admit()) {
            call.reply(ApiReply.error(new ApiError(503, "too_many_subscribers", "too many follow the feed already"))
                    .with("retry-after", "5"));
            return;
        }
        @Nullable String cursor = call.request().query().last("cursor");
        ReplyStream stream = call.stream("application/x-ndjson");
        if (stream == null) {
            feed.leave();
            return;
        }
        feed.subscribe(cursor, stream, () -> keys.now().holds(caller.key()));
    }
}
