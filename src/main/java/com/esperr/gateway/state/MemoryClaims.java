package com.esperr.gateway.state;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Claims in this process, of which there are few: a visitor makes one when he has passed a challenge. Thread-safe; its monitor is held for
 * a look-up and for what has expired. Bounded: when full, the claim that would end first is dropped and counted, so that a
 * fresh one, which is worth repeating most, is always remembered.
 */
public final class MemoryClaims implements Claims {
    private final int most;
    private final LongSupplier nanos;
    private final LongAdder evictions = new LongAdder();
    // What follows is guarded by this.
    private final Map<StateKey, Claim> claims = new HashMap<>();
    private final Queue<Claim> byEnd;

    /**
     * Nothing claimed yet.
     *
     * @param most claims at the most
     * @param nanos the clock by which they end
     */
    public MemoryClaims(int most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
        long origin = nanos.getAsLong();
        this.byEnd = new PriorityQueue<>((one, other) -> Long.compare(one.end - origin, other.end - origin));
    }

    @Override
    public void claim(StateKey key, StateKey holder, long millis, ClaimSink sink) {
        sink.claimed(claimed(key, holder, nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis))));
    }

    private synchronized Claimed claimed(StateKey key, StateKey holder, long end) {
        expire();
        Claim known = claims.get(key);
        if (known != null) {
            return known.holder.equals(holder) ? Claimed.AGAIN : Claimed.TAKEN;
        }
        if (claims.size() >= most) {
            drop();
            evictions.increment();
        }
        Claim fresh = new Claim(key, holder, end);
        claims.put(key, fresh);
        byEnd.add(fresh);
        return Claimed.FRESH;
    }

    private void expire() {
        long now = nanos.getAsLong();
        for (Claim first = byEnd.peek(); first != null && first.end - now <= 0; first = byEnd.peek()) {
            drop();
        }
    }

    private void drop() {
        Claim first = byEnd.poll();
        if (first != null) {
            claims.remove(first.key);
        }
    }

    @Override
    public @Nullable String trouble() {
        return null;
    }

    /** How many live. */
    public synchronized long size() {
        expire();
        return claims.size();
    }

    /** How many were dropped before their end, because there were too many. */
    public long evictions() {
        return evictions.sum();
    }

    /** How many there are of those that there may be. */
    public Fill fill() {
        return Fill.of(Bounded.CLAIMS, this::size, most, this::evictions);
    }

    private record Claim(StateKey key, StateKey holder, long end) {}
}
