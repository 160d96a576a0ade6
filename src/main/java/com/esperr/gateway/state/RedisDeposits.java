package com.esperr.gateway.state;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.util.Base64;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Deposits of all who share a Redis, as base64; how much it holds is its own limit. Thread-safe; answers are handed to the
 * executor of the thread that asked.
 */
final class RedisDeposits implements Deposits {
    private static final RedisScript TAKE = RedisScript.named("take");

    private static final String PREFIX = "d:";

    private final Supplier<RedisLink> link;
    private final CallerLoop callers;

    /**
     * Deposits behind what {@code link} is at the time.
     *
     * @param callers the executor of the calling thread, asked on that thread
     */
    RedisDeposits(Supplier<RedisLink> link, Supplier<Executor> callers) {
        this.link = link;
        this.callers = new CallerLoop(callers);
    }

    @Override
    public void put(StateKey key, byte[] value, long millis, DepositSink sink) {
        RedisLink now = link.get();
        String name = now.access().key(PREFIX) + key;
        String text = Base64.getEncoder().encodeToString(value);
        callers.bring(
                now.ask(redis -> redis.set(name, text, SetArgs.Builder.px(Math.max(1, millis)))), (done, failure) -> {
                    if (done == null) {
                        sink.failed("redis: " + RedisFailures.sentence(failure));
                    } else {
                        sink.laid();
                    }
                });
    }

    @Override
    public void take(StateKey key, WithdrawalSink sink) {
        RedisLink now = link.get();
        String[] keys = {now.access().key(PREFIX) + key};
        callers.bring(now.<String>run(TAKE, ScriptOutputType.VALUE, keys), (text, failure) -> {
            if (failure != null) {
                sink.failed("redis: " + RedisFailures.sentence(failure));
            } else {
                sink.taken(text == null ? null : read(text));
            }
        });
    }

    /** What somebody else has put there is nothing. */
    private static byte @Nullable [] read(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    @Override
    public @Nullable String trouble() {
        return link.get().trouble();
    }
}
