package com.esperr.gateway.bots;

import com.esperr.gateway.request.BotFacts;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What came of claims, look-ups and signatures. Thread-safe. */
public final class BotCounts {
    private final LongAdder[] verified = adders(BotFacts.Method.values().length);
    private final LongAdder[] others = adders(BotFacts.Status.values().length);
    private final LongAdder[] lookups = adders(Lookup.values().length);
    private final LongAdder[] signatures = adders(Signed.values().length);

    /** What came of a look-up. */
    public enum Lookup {
        /** A name of a known bot's domain has the address. */
        CONFIRMED,
        /** There is none. */
        DENIED,
        /** Nobody answered. */
        FAILED,
        /** There were too many. */
        DROPPED;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word in metrics. */
        public String label() {
            return label;
        }
    }

    /** What a signature was worth. */
    public enum Signed {
        /** It is a known bot's. */
        VALID,
        /** It is not what it says. */
        INVALID,
        /** Whose key it is, nobody knows. */
        UNKNOWN,
        /** It was used before. */
        REPLAYED,
        /** There were too many. */
        DROPPED;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The word in metrics. */
        public String label() {
            return label;
        }
    }

    void look(BotFacts.Status status, BotFacts.@Nullable Method method) {
        (method == null ? others[status.ordinal()] : verified[method.ordinal()]).increment();
    }

    void lookup(Lookup result) {
        lookups[result.ordinal()].increment();
    }

    void signed(Signed result) {
        signatures[result.ordinal()].increment();
    }

    /** Requests of bots that {@code method} verified. */
    public long verified(BotFacts.Method method) {
        return verified[method.ordinal()].sum();
    }

    /** Requests of those who say so and are not verified. */
    public long others(BotFacts.Status status) {
        return others[status.ordinal()].sum();
    }

    /** Look-ups that ended so. */
    public long lookups(Lookup result) {
        return lookups[result.ordinal()].sum();
    }

    /** Signatures that were worth this. */
    public long signatures(Signed result) {
        return signatures[result.ordinal()].sum();
    }

    private static LongAdder[] adders(int count) {
        return Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
    }
}
