package com.esperr.gateway.state;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.bound.Housekeeping;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Redis in which gateways keep what they share. Thread-safe; owns its connections and threads. It need not be there: what
 * asks for it fails at once until it is, and the connection comes back by itself.
 */
public final class RedisStore implements AutoCloseable {
    private static final Duration AWAY = Duration.ofSeconds(1);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final RedisCounts counts = new RedisCounts();
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "redis-link");
        thread.setDaemon(true);
        return thread;
    });
    private final SharedClock clock;
    private final SharedSeed seed;
    private volatile RedisLink link;
    private final RedisWindows windows;
    private final RedisClaims claims;
    private final RedisDeposits deposits;
    private final List<RedisReplicated<?>> maps = new CopyOnWriteArrayList<>();
    private final LongSupplier nanos;

    private RedisStore(
            RedisConfig config, HashSeed own, Supplier<Executor> callers, LongSupplier nanos, LongSupplier millis) {
        RedisAccess access = new RedisAccess(config);
        this.clock = new SharedClock(millis);
        this.nanos = nanos;
        SharedSeed.Place place = place(access);
        this.seed = new SharedSeed(place, own, nanos, millis);
        this.link = new RedisLink(access, clock, nanos, worker, redis -> seed.agree(place, redis), counts);
        this.windows = new RedisWindows(this::link, clock, seed::trouble, callers);
        this.claims = new RedisClaims(this::link, callers);
        this.deposits = new RedisDeposits(this::link, callers);
    }

    private RedisLink link() {
        return link;
    }

    private static SharedSeed.Place place(RedisAccess access) {
        Duration comeBack = access.config().longestPause().plus(RedisLink.HEARTBEAT);
        return new SharedSeed.Place(access.key("seed"), comeBack);
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
        return open(config, HashSeed.random(), callers, nanos, millis);
    }

    /** As the other, with the seed to begin with, which all take over if there is none in Redis yet. */
    public static RedisStore open(
            RedisConfig config, HashSeed own, Supplier<Executor> callers, LongSupplier nanos, LongSupplier millis) {
        RedisStore store = new RedisStore(config, own, callers, nanos, millis);
        store.link.start();
        return store;
    }

    /**
     * Is reached as {@code config} says from now on. What is asked for meanwhile still goes where it went; the other one takes over when it is
     * there, or when it has not come within a connection's time: then this is like a store whose Redis is away. What is under way there is
     * answered from there, or given up at its time limit. Nothing that maps hold here is lost: what the other Redis does not know it is told.
     * Blocks; for one thread at a time, which is also the one that makes maps.
     *
     * @return one sentence on what is wrong with it, or null
     */
    public @Nullable String move(RedisConfig config) {
        RedisLink before = link;
        if (config.equals(before.access().config())) {
            return null;
        }
        RedisAccess access = new RedisAccess(config);
        // Or else what was hashed under the one secret could meet the other.
        before.fade();
        maps.forEach(RedisReplicated::leave);
        await(() -> maps.stream().noneMatch(RedisReplicated::isFollowing), AWAY);
        SharedSeed.Place place = place(access);
        seed.moveTo(place);
        RedisLink next = new RedisLink(access, clock, nanos, worker, redis -> seed.agree(place, redis), counts);
        next.start();
        await(next::isUp, config.connectTimeout());
        link = next;
        before.giveWayTo(next);
        maps.forEach(RedisReplicated::join);
        await(() -> before.underWay() == 0, before.access().config().timeout());
        before.close();
        before.access().close();
        return next.trouble();
    }

    private void await(BooleanSupplier reached, Duration limit) {
        long start = nanos.getAsLong();
        while (!reached.getAsBoolean() && nanos.getAsLong() - start < limit.toNanos()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
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

    /** What any of those who share this Redis can take away. */
    public Deposits deposits() {
        return deposits;
    }

    /** What counts once among all who share this Redis. */
    public Claims claims() {
        return claims;
    }

    /**
     * A map of all who share this Redis; it ends with the store, if it is not closed before.
     *
     * @param name one per map
     * @param maxEntries values at the most, here and in Redis
     */
    public <V> Replicated<V> replicated(String name, Codec<V> codec, long maxEntries) {
        return replicated(name, codec, maxEntries, Housekeeping.shared());
    }

    <V> RedisReplicated<V> replicated(String name, Codec<V> codec, long maxEntries, Executor housekeeping) {
        RedisReplicated<V> map = new RedisReplicated<>(
                name,
                maxEntries,
                codec,
                new LocalCopy<>(maxEntries, clock::here, housekeeping),
                new Parts(this::link, clock, nanos, counts));
        maps.add(map);
        Consumer<HashSeed> listener = other -> map.restart();
        seed.onChange(listener);
        // Else what it missed from then on would count as a lag.
        map.start(() -> {
            maps.remove(map);
            seed.forget(listener);
        });
        return map;
    }

    /** Writes of which the other replicas have perhaps not heard yet. */
    public long pendingWrites() {
        return maps.stream().mapToLong(RedisReplicated::pending).sum();
    }

    /** How full is what waits for Redis. */
    public List<Fill> fills() {
        return List.of(
                Fill.over(
                        Bounded.REDIS_WRITES,
                        () -> maps.stream().map(RedisReplicated::pendingFill).toList(),
                        counts::dropped),
                Fill.over(Bounded.REDIS_COMMANDS, () -> List.of(link.fill()), counts::crowded));
    }

    /** How long the last change by a replica was under way, or for how long nothing could be heard: the longest of all maps. */
    public long lagMillis() {
        return maps.stream().mapToLong(RedisReplicated::lagMillis).max().orElse(0);
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
        maps.forEach(RedisReplicated::close);
        RedisLink last = link;
        last.close();
        worker.shutdownNow();
        last.access().close();
    }

    /** What maps are made of. */
    record Parts(Supplier<RedisLink> links, SharedClock clock, LongSupplier nanos, RedisCounts counts) {
        /** Where Redis is now. */
        RedisLink link() {
            return links.get();
        }
    }
}
