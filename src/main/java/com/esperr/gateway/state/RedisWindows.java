package com.esperr.gateway.state;

import io.lettuce.core.ScriptOutputType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rolling counts in a Redis that replicas share: a hit is one round trip and one step in Redis, counted by Redis's clock.
 * Thread-safe; the answer is handed to the executor of the thread that asked. A key takes as little memory as in this process
 * ({@link RollingCount}) and is forgotten by Redis itself.
 */
final class RedisWindows implements Windows {
    private static final RedisScript RECENT = RedisScript.named("recent-hits");
    private static final RedisScript SLOTS = RedisScript.named("slot-counts");
    /** How long a key is kept beyond its window, so that a hit that was long under way still finds it. */
    private static final long GRACE_MILLIS = 10_000;

    private static final String PREFIX = "w:";

    private final Supplier<RedisLink> link;
    private final SharedClock clock;
    private final Supplier<@Nullable String> seedTrouble;
    private final CallerLoop callers;

    /**
     * Windows behind what {@code link} is at the time.
     *
     * @param seedTrouble null, or why others may count the same visitor under another key
     * @param callers the executor of the calling thread, asked on that thread
     */
    RedisWindows(
            Supplier<RedisLink> link,
            SharedClock clock,
            Supplier<@Nullable String> seedTrouble,
            Supplier<Executor> callers) {
        this.link = link;
        this.clock = clock;
        this.seedTrouble = seedTrouble;
        this.callers = new CallerLoop(callers);
    }

    @Override
    public void hit(StateKey key, WindowLimit limit, long nowMillis, WindowSink sink) {
        callers.bring(
                send(key, limit, Long.toString(clock.shared(nowMillis))), (hits, failure) -> tell(sink, hits, failure));
    }

    @Override
    public @Nullable String trouble() {
        String away = link.get().trouble();
        return away == null ? seedTrouble.get() : away;
    }

    private CompletableFuture<Long> send(StateKey key, WindowLimit limit, String time) {
        RedisLink now = link.get();
        String name = now.access().key(PREFIX) + key + ':' + limit.seconds() + ':' + limit.threshold();
        String keep = Long.toString(limit.millis() + GRACE_MILLIS);
        String[] keys = {name};
        if (limit.threshold() <= RollingCount.EXACT_THRESHOLD) {
            String length = Long.toString(limit.millis());
            return now.run(
                    RECENT, ScriptOutputType.INTEGER, keys, time, length, Integer.toString(limit.threshold()), keep);
        }
        String slot = Long.toString(limit.millis() / SlotCounts.SLOTS);
        return now.run(SLOTS, ScriptOutputType.INTEGER, keys, time, slot, Integer.toString(SlotCounts.SLOTS), keep);
    }

    private static void tell(WindowSink sink, @Nullable Long hits, @Nullable Throwable failure) {
        if (hits != null) {
            sink.counted((int) Math.min(hits, Integer.MAX_VALUE));
        } else {
            sink.failed("redis: " + RedisFailures.sentence(failure));
        }
    }
}
