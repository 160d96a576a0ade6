package com.esperr.gateway.state;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Redis in which gateways keep what they share. Thread-safe; owns its connections and threads. It need not be there: what
 * asks for it fails at once until it is, and the connection comes back by itself.
 */
public final class RedisStore implements AutoCloseable {
    private final RedisCounts counts = new RedisCounts();
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "redis-link");
        thread.setDaemon(true);
        return thread;
    });
    private final RedisAccess access;
    private final SharedClock clock;
    private final SharedSeed seed;
    private final RedisLink link;
    private final RedisWindows windows;

    private RedisStore(RedisConfig config, Supplier<Executor> callers, LongSupplier nanos, LongSupplier millis) {
        this.access = new RedisAccess(config);
        this.clock = new SharedClock(millis);
        this.seed = new SharedSeed(access.key("seed"));
        this.link = new RedisLink(access, clock, nanos, worker, seed::agree, counts);
        this.windows = new RedisWindows(link, clock, access.key("w:"), callers);
    }

    /**
     * Begins to connect.
     *
     * @param callers the executor of the calling thread, asked on that thread; answers are given on it
     * @param nanos for time limits
     * @param millis this machine's clock, epoch milliseconds
     */
    public static RedisStore open(
            RedisConfig config, Supplier<Executor> callers, LongSupplier nanos, LongSupplier millis) {
        RedisStore store = new RedisStore(config, callers, nanos, millis);
        store.link.start();
        return store;
    }

    /** Whether Redis is there and takes writes. */
    public boolean isUp() {
        return link.isUp();
    }

    /** Null, or one sentence on what is wrong. */
    public @Nullable String trouble() {
        return link.trouble();
    }

    /** Rolling counts of all who share this Redis. */
    public Windows windows() {
        return windows;
    }

    /** The seed under which they hash keys. */
    public HashSeed seed() {
        return seed.get();
    }

    /** Tells {@code listener} when it is another one: once at most, unless Redis is replaced by another in use. */
    public void onSeed(Consumer<HashSeed> listener) {
        seed.onChange(listener);
    }

    /** What happened so far. */
    public RedisCounts counts() {
        return counts;
    }

    /** By how many milliseconds Redis's clock is ahead of this machine's. */
    public long clockAhead() {
        return clock.ahead();
    }

    @Override
    public void close() {
        link.close();
        worker.shutdownNow();
        access.close();
    }
}
