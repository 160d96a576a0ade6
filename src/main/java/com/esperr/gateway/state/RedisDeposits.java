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

    private final RedisLink link;
    private final String prefix;
    private final CallerLoop callers;

    /**
     * Deposits behind {@code link}.
     *
     * @param prefix what their keys begin with
     * @param callers the executor of the calling thread, asked on that thread
     */
    RedisDeposits(RedisLink link, String prefix, Supplier<Executor> callers) {
        this.link = link;
        this.prefix = prefix;
        this.callers = new CallerLoop(callers);
    }

    @Override
    public void put(StateKey key, byte[] value, long millis, DepositSink sink) {
        String text = Base64.getEncoder().encodeToString(value);
        callers.bring(
                link.ask(redis -> redis.set(prefix + key, text, SetArgs.Builder.px(Math.max(1, millis)))),
                (done, failure) -> {
                    if (done == null) {
                        sink.failed("redis: " + RedisFailures.sentence(failure));
                    } else {
                        sink.laid();
                    }
                });
    }

    @Override
    public void take(StateKey key, WithdrawalSink sink) {
        String[] keys = {prefix + key};
        callers.bring(link.<String>run(TAKE, ScriptOutputType.VALUE, keys), (text, failure) -> {
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
        return link.trouble();
    }
}
