package com.esperr.gateway.state;

import io.lettuce.core.ScriptOutputType;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Claims of all who share a Redis: each is one round trip and one step there, and is forgotten by Redis itself. Thread-safe;
 * the answer is handed to the executor of the thread that asked.
 */
final class RedisClaims implements Claims {
    private static final RedisScript CLAIM = RedisScript.named("claim");

    private static final String PREFIX = "c:";

    private final Supplier<RedisLink> link;
    private final CallerLoop callers;

    /**
     * Claims behind what {@code link} is at the time.
     *
     * @param callers the executor of the calling thread, asked on that thread
     */
    RedisClaims(Supplier<RedisLink> link, Supplier<Executor> callers) {
        this.link = link;
        this.callers = new CallerLoop(callers);
    }

    @Override
    public void claim(StateKey key, StateKey holder, long millis, ClaimSink sink) {
        RedisLink now = link.get();
        String[] keys = {now.access().key(PREFIX) + key};
        callers.bring(
                now.<Long>run(
                        CLAIM, ScriptOutputType.INTEGER, keys, holder.toString(), Long.toString(Math.max(1, millis))),
                (outcome, failure) -> tell(sink, outcome, failure));
    }

    @Override
    public @Nullable String trouble() {
        return link.get().trouble();
    }

    private static void tell(ClaimSink sink, @Nullable Long outcome, @Nullable Throwable failure) {
        if (outcome == null) {
            sink.failed("redis: " + RedisFailures.sentence(failure));
        } else {
            sink.claimed(outcome == 1 ? Claimed.FRESH : outcome == 2 ? Claimed.AGAIN : Claimed.TAKEN);
        }
    }
}
