package com.esperr.gateway.state;

import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The seed of all who share a Redis: whoever comes first puts his own there, the others take it over. Thread-safe. Until
 * Redis was reached it is this process's own, and nothing that was hashed under it has left the process; a Redis that lost
 * its memory gets the seed in force back, also from those who come behind one that knew none: the seed that was agreed on
 * first counts, and the others hear of that at their next look.
 *
 * <p>A seed is settled when it has stood for as long as those who know an older one may need to come back, or, after one had to
 * be put right, for as long as the others need to look again. Until then two gateways may hash under different ones.
 */
final class SharedSeed implements Supplier<HashSeed> {
    private static final CompletionStage<String> DONE = CompletableFuture.completedStage("");

    private final LongSupplier millis;
    private final LongSupplier nanos;
    private final List<Consumer<HashSeed>> listeners = new CopyOnWriteArrayList<>();
    private volatile Place place;
    private volatile Agreed agreed;
    private volatile boolean settled;
    /** Whether what is at the place, if it is another one, counts whichever is older; guarded by this. */
    private boolean guest;
    /** When it will be, if nothing changes; guarded by this. */
    private long settles;

    /** A seed kept at that place, and the one that holds until then. */
    SharedSeed(Place place, HashSeed own, LongSupplier nanos, LongSupplier millis) {
        this.place = place;
        this.millis = millis;
        this.nanos = nanos;
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

    /** Tells {@code listener} no more. */
    void forget(Consumer<HashSeed> listener) {
        listeners.remove(listener);
    }

    /**
     * It is kept at {@code other} from now on. What is agreed on there is taken over, even if ours is older: whoever is there already has not
     * lost Redis. If nothing is, ours goes there.
     */
    synchronized void moveTo(Place other) {
        place = other;
        guest = true;
    }

    /**
     * Agrees on a seed over a connection to {@code at}, unless that is not the place any more; to be done again and again, for somebody may have
     * put another one there.
     */
    CompletionStage<?> agree(Place at, RedisAsyncCommands<String, String> redis) {
        if (at != place) {
            return DONE;
        }
        String key = at.key;
        Agreed own = agreed;
        Agreed offer = own.since == Agreed.NEVER ? new Agreed(own.seed, millis.getAsLong()) : own;
        return redis.set(key, offer.text(), SetArgs.Builder.nx())
                .thenCombine(redis.get(key), (set, text) -> Agreed.parse(text))
                .thenCompose(there -> adopts(at, there) ? DONE : redis.set(key, agreed.text()));
    }

    /** Null, or one sentence on why others may still hash under another seed. */
    @Nullable
    String trouble() {
        return settled ? null : "the gateways are still agreeing on a secret";
    }

    /** Whether what is there counts; the listeners have been told then. */
    private synchronized boolean adopts(Place at, Agreed there) {
        if (at != place) {
            return true;
        }
        boolean newcomer = guest;
        guest = false;
        long now = nanos.getAsLong();
        boolean other = !there.seed.equals(agreed.seed);
        if (there.since > agreed.since && !(newcomer && other)) {
            if (other) {
                settles = now + 2 * RedisLink.HEARTBEAT.toNanos();
                settled = false;
            }
            return !other;
        }
        if (there.since != agreed.since || other) {
            settles = now + untilAllAreBack(at, there).toNanos();
        }
        agreed = there;
        if (other) {
            listeners.forEach(listener -> listener.accept(there.seed));
        }
        settled = now - settles >= 0;
        return true;
    }

    /** How long one who knows an older seed may still be on the way; whoever put this one there has perhaps another clock. */
    private Duration untilAllAreBack(Place at, Agreed there) {
        Duration age = Duration.ofMillis(Math.max(0, millis.getAsLong() - there.since));
        return age.compareTo(at.comeBack) < 0 ? at.comeBack.minus(age) : Duration.ZERO;
    }

    /** Where a seed is kept; each is one of its own, also under the same key. Immutable. */
    static final class Place {
        private final String key;
        private final Duration comeBack;

        /**
         * The place under that key.
         *
         * @param comeBack within which time those who lost Redis are back
         */
        Place(String key, Duration comeBack) {
            this.key = key;
            this.comeBack = comeBack;
        }
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
