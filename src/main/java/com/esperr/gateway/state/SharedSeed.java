package com.esperr.gateway.state;

import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The seed of all who share a Redis: whoever comes first puts his own there, the others take it over. Thread-safe. Until
 * Redis was reached it is this process's own, and nothing that was hashed under it has left the process; a Redis that lost
 * its memory gets the seed in force back, also from those who come behind one that knew none: the seed that was agreed on
 * first counts, and the others hear of that at their next look.
 */
final class SharedSeed implements Supplier<HashSeed> {
    private static final CompletionStage<String> DONE = CompletableFuture.completedStage("");

    private final String key;
    private final LongSupplier millis;
    private final List<Consumer<HashSeed>> listeners = new CopyOnWriteArrayList<>();
    private volatile Agreed agreed;

    /** A seed kept under that key, and the one that holds until then. */
    SharedSeed(String key, HashSeed own, LongSupplier millis) {
        this.key = key;
        this.millis = millis;
        this.agreed = new Agreed(own, Agreed.NEVER);
    }

    @Override
    public HashSeed get() {
        return agreed.seed;
    }

    /** Tells {@code listener} of other seeds, before anything is asked or told under them. */
    void onChange(Consumer<HashSeed> listener) {
        listeners.add(listener);
    }

    /** Agrees on a seed over that connection; to be done again and again, for somebody may have put another one there. */
    CompletionStage<?> agree(RedisAsyncCommands<String, String> redis) {
        Agreed own = agreed;
        Agreed offer = own.since == Agreed.NEVER ? new Agreed(own.seed, millis.getAsLong()) : own;
        return redis.set(key, offer.text(), SetArgs.Builder.nx())
                .thenCombine(redis.get(key), (set, text) -> Agreed.parse(text))
                .thenCompose(there -> adopts(there) ? DONE : redis.set(key, agreed.text()));
    }

    /** Whether what is there counts; the listeners have been told then. */
    private synchronized boolean adopts(Agreed there) {
        if (there.since > agreed.since) {
            return there.seed.equals(agreed.seed);
        }
        boolean other = !there.seed.equals(agreed.seed);
        agreed = there;
        if (other) {
            listeners.forEach(listener -> listener.accept(there.seed));
        }
        return true;
    }

    /**
     * A seed as it stands in Redis.
     *
     * @param since when it was first agreed on, epoch milliseconds of whoever put it there
     */
    private record Agreed(HashSeed seed, long since) {
        static final long NEVER = Long.MAX_VALUE;
        private static final char MARK = '-';

        static Agreed parse(String text) {
            int mark = text.indexOf(MARK);
            StateKey read = StateKey.parse(mark < 0 ? text : text.substring(0, mark));
            return new Agreed(
                    new HashSeed(read.high(), read.low()), mark < 0 ? 0 : Long.parseLong(text.substring(mark + 1)));
        }

        String text() {
            return new StateKey(seed.first(), seed.second()).toString() + MARK + since;
        }
    }
}
