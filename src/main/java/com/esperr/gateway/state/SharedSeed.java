package com.esperr.gateway.state;

import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The seed of all who share a Redis: whoever comes first puts his own there, the others take it over. Thread-safe. Until
 * Redis was reached it is this process's own, and nothing that was hashed under it has left the process; a Redis that lost
 * its memory gets the seed in force back.
 */
final class SharedSeed implements Supplier<HashSeed> {
    private final String key;
    private final List<Consumer<HashSeed>> listeners = new CopyOnWriteArrayList<>();
    private volatile HashSeed seed;

    /** A seed kept under that key, and the one that holds until then. */
    SharedSeed(String key, HashSeed own) {
        this.key = key;
        this.seed = own;
    }

    @Override
    public HashSeed get() {
        return seed;
    }

    /** Tells {@code listener} of other seeds, before anything is asked or told under them. */
    void onChange(Consumer<HashSeed> listener) {
        listeners.add(listener);
    }

    /** Agrees on a seed over that connection. */
    CompletionStage<?> agree(RedisAsyncCommands<String, String> redis) {
        String own = new StateKey(seed.first(), seed.second()).toString();
        return redis.set(key, own, SetArgs.Builder.nx())
                .thenCombine(redis.get(key), (set, text) -> text)
                .thenAccept(this::adopt);
    }

    private synchronized void adopt(String text) {
        StateKey read = StateKey.parse(text);
        HashSeed shared = new HashSeed(read.high(), read.low());
        if (!shared.equals(seed)) {
            seed = shared;
            listeners.forEach(listener -> listener.accept(shared));
        }
    }
}
