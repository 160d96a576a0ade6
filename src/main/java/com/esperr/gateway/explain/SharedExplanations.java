package com.esperr.gateway.explain;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.state.Codec;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.KeyHash;
import com.esperr.gateway.state.RedisStore;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.StateKey;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The explanations of all gateways that share a store, so that any of them can be asked. Thread-safe. All keep all of them, so fewer are
 * shared than kept: small ones, at most so many in a second, and together no more than {@code explain.bytes}.
 */
public final class SharedExplanations implements AutoCloseable {
    /** What is larger is shared without its policies. */
    static final int MOST_BYTES = 8 << 10;

    private static final Codec<String> AS_IT_IS = new Codec<>() {
        @Override
        public String write(String value) {
            return value;
        }

        @Override
        public String read(String text) {
            return text;
        }
    };
    private static final String NAME = "explain";
    private static final int PER_SECOND = 100;
    // Not a secret: a reference names an answer, it opens nothing.
    private static final HashSeed NAMES = new HashSeed(0, 0);

    private final Replicated<String> all;
    private final long lifetimeMillis;
    private final Turns turns = new Turns(PER_SECOND, 1);
    private final LongAdder crowded = new LongAdder();

    SharedExplanations(Replicated<String> all, long lifetimeMillis) {
        this.all = all;
        this.lifetimeMillis = lifetimeMillis;
    }

    /** Those in {@code store}, or null if there is none or nothing is to be kept. */
    public static @Nullable SharedExplanations in(@Nullable RedisStore store, ExplainConfig config) {
        if (store == null || config.entries() == 0) {
            return null;
        }
        long most = Math.min(config.entries(), config.bytes() / MOST_BYTES);
        return new SharedExplanations(
                store.replicated(NAME, AS_IT_IS, most), config.lifetime().toMillis());
    }

    /** Tells the others, if {@code text} is not larger than {@link #MOST_BYTES} and not too much is told already in this second. */
    void put(String reference, byte[] text, long nowMillis) {
        if (text.length <= MOST_BYTES && turns.take(nowMillis)) {
            all.put(key(reference), new String(text, StandardCharsets.US_ASCII), nowMillis + lifetimeMillis);
        } else {
            crowded.increment();
        }
    }

    /** What somebody told of {@code reference}, or null. */
    @Nullable
    String find(String reference, long nowMillis) {
        return all.find(key(reference), nowMillis);
    }

    /** How many are known here. */
    public long entries() {
        return all.size();
    }

    /** The same of those that may be. */
    public Fill fill() {
        return all.fill(Bounded.SHARED_EXPLANATIONS);
    }

    /** How many the others were not told of, because there were too many in that second, or what visitors wrote was too long. */
    public long crowded() {
        return crowded.sum();
    }

    private static StateKey key(String reference) {
        return new KeyHash(NAMES).add(reference).key();
    }

    @Override
    public void close() {
        all.close();
    }
}
