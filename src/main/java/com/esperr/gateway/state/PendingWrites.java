package com.esperr.gateway.state;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.state.SharedRecord.Placed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last write to each key of which this replica has not yet heard from the others' order of changes: while one is here,
 * what others wrote before it is not taken over. Bounded, the oldest given up first and counted. Thread-safe.
 */
final class PendingWrites {
    private final Map<StateKey, Write> writes = new LinkedHashMap<>();
    private final IntSupplier most;
    private final RedisCounts counts;
    private long numbers;

    /** Of which there may be {@code most}, as it is then. */
    PendingWrites(IntSupplier most, RedisCounts counts) {
        this.most = most;
        this.counts = counts;
    }

    /** A new write to {@code key}, in place of the one that was here. */
    synchronized Write add(StateKey key, SharedRecord record) {
        Write write = new Write(key, record, ++numbers);
        writes.remove(key);
        writes.put(key, write);
        while (writes.size() > most.getAsInt()) {
            writes.remove(writes.keySet().iterator().next());
            counts.writeDropped();
        }
        return write;
    }

    @Nullable
    synchronized Write find(StateKey key) {
        return writes.get(key);
    }

    synchronized void remove(Write write) {
        writes.remove(write.key, write);
    }

    synchronized void clear() {
        writes.clear();
    }

    synchronized int size() {
        return writes.size();
    }

    Fill fill() {
        return Fill.of(Bounded.REDIS_WRITES, this::size, most::getAsInt, () -> 0);
    }

    /** All of them, the oldest first. */
    synchronized List<Write> all() {
        return List.copyOf(writes.values());
    }

    /** One write. Its state is guarded by the key's monitor. */
    static final class Write {
        final StateKey key;
        final SharedRecord record;
        final long number;
        /** How often it was sent; only the last answer counts. */
        int attempts;
        /** Whether that answer may still come. */
        boolean underWay;
        /** The change that decided about it, or null while nothing is known. */
        @Nullable
        ChangeId decided;

        /** The last change of the key that was not taken over because of this write: it counts if the write does not. */
        @Nullable
        Placed passedOver;

        Write(StateKey key, SharedRecord record, long number) {
            this.key = key;
            this.record = record;
            this.number = number;
        }
    }
}
