package com.esperr.gateway.state;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Evictions;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.state.Replicated.Follower;
import com.esperr.gateway.state.Replicated.Kept;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one process holds of a {@link Replicated} map: bounded, the least used dropped first, each value gone when it expires.
 * Thread-safe. Changes of one key are made, and told to the followers, under the key's {@link #monitor}, which a caller may
 * hold around a change and what belongs to it; housekeeping runs on the given executor, or on the thread that writes when it cannot wait.
 */
final class LocalCopy<V> {
    private static final int MONITORS = 64;

    private final Cache<StateKey, Entry<V>> entries;
    private final List<Follower<V>> followers = new CopyOnWriteArrayList<>();
    private final Evictions evictions = new Evictions();
    private final long most;
    private final Object[] monitors =
            Stream.generate(Object::new).limit(MONITORS).toArray();

    /**
     * An empty copy.
     *
     * @param maxEntries values at the most
     * @param millis the clock of expiries, epoch milliseconds
     */
    LocalCopy(long maxEntries, LongSupplier millis, Executor housekeeping) {
        most = maxEntries;
        entries = Caffeine.newBuilder()
                .maximumSize(maxEntries)
                .expireAfter(new AtItsTime<V>())
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(millis.getAsLong()))
                .executor(housekeeping)
                .evictionListener(evictions)
                .build();
    }

    /** What guards the changes of that key, and of others. */
    Object monitor(StateKey key) {
        return monitors[Math.floorMod(key.hashCode(), MONITORS)];
    }

    @Nullable
    V find(StateKey key, long nowMillis) {
        Entry<V> entry = entries.getIfPresent(key);
        return entry == null || entry.kept.expiresAtMillis() <= nowMillis ? null : entry.kept.value();
    }

    /** The entry of that key, expired or not, or null. */
    @Nullable
    Entry<V> entry(StateKey key) {
        return entries.getIfPresent(key);
    }

    void put(StateKey key, Entry<V> entry) {
        synchronized (monitor(key)) {
            entries.put(key, entry);
            for (Follower<V> follower : followers) {
                follower.put(key, entry.kept.value(), entry.kept.expiresAtMillis());
            }
        }
    }

    void remove(StateKey key) {
        synchronized (monitor(key)) {
            if (entries.asMap().remove(key) != null) {
                for (Follower<V> follower : followers) {
                    follower.removed(key);
                }
            }
        }
    }

    void forEach(BiConsumer<StateKey, Entry<V>> each) {
        entries.asMap().forEach(each);
    }

    AutoCloseable follow(Follower<V> follower) {
        followers.add(follower);
        return () -> followers.remove(follower);
    }

    long size() {
        return entries.estimatedSize();
    }

    long evictions() {
        return evictions.count();
    }

    Fill fill(Bounded what) {
        return evictions.fill(what, entries, most);
    }

    /**
     * A value, and when it was written by the clock of whoever orders writes.
     *
     * @param writtenAt epoch milliseconds
     */
    record Entry<V>(Kept<V> kept, long writtenAt) {}

    /** The time at which the value expires, on the clock of the cache. */
    private static final class AtItsTime<V> implements Expiry<StateKey, Entry<V>> {
        @Override
        public long expireAfterCreate(StateKey key, Entry<V> entry, long now) {
            return Math.max(0, TimeUnit.MILLISECONDS.toNanos(entry.kept.expiresAtMillis()) - now);
        }

        @Override
        public long expireAfterUpdate(StateKey key, Entry<V> entry, long now, long left) {
            return expireAfterCreate(key, entry, now);
        }

        @Override
        public long expireAfterRead(StateKey key, Entry<V> entry, long now, long left) {
            return left;
        }
    }
}
