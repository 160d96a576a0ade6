package com.esperr.gateway.state;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Deposits in this process. Thread-safe; its monitor is held for a look-up and for what has ended. Bounded in bytes: when full,
 * the oldest are dropped and counted, so that somebody who lays down in masses has to do so faster than people take away.
 */
public final class MemoryDeposits implements Deposits {
    /** What one costs besides its bytes, roughly. */
    private static final int OVERHEAD = 256;

    private volatile long most;
    private final LongSupplier nanos;
    private final LongAdder dropped = new LongAdder();
    // What follows is guarded by this.
    private final Map<StateKey, Deposit> deposits = new LinkedHashMap<>();
    private long bytes;

    /**
     * Nothing laid down yet.
     *
     * @param most bytes in all
     * @param nanos the clock by which they end
     */
    public MemoryDeposits(long most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    /** There may be so many bytes in all from now on; what is too much goes with the next one that is laid down. */
    public void most(long bytes) {
        most = bytes;
    }

    @Override
    public void put(StateKey key, byte[] value, long millis, DepositSink sink) {
        if (value.length + OVERHEAD > most) {
            sink.failed("too large");
            return;
        }
        keep(key, new Deposit(value, nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis))));
        sink.laid();
    }

    @Override
    public void take(StateKey key, WithdrawalSink sink) {
        sink.taken(taken(key));
    }

    private synchronized void keep(StateKey key, Deposit deposit) {
        remove(key);
        deposits.put(key, deposit);
        bytes += deposit.size();
        long now = nanos.getAsLong();
        Iterator<Deposit> oldest = deposits.values().iterator();
        while (oldest.hasNext()) {
            Deposit each = oldest.next();
            boolean over = each.isOver(now);
            if (!over && bytes <= most) {
                return;
            }
            oldest.remove();
            bytes -= each.size();
            if (!over) {
                dropped.increment();
            }
        }
    }

    private synchronized byte @Nullable [] taken(StateKey key) {
        Deposit deposit = remove(key);
        return deposit == null || deposit.isOver(nanos.getAsLong()) ? null : deposit.value;
    }

    private @Nullable Deposit remove(StateKey key) {
        Deposit deposit = deposits.remove(key);
        if (deposit != null) {
            bytes -= deposit.size();
        }
        return deposit;
    }

    @Override
    public @Nullable String trouble() {
        return null;
    }

    /** Bytes that lie here, of which some may just have ended. */
    public synchronized long bytes() {
        return bytes;
    }

    /** How many were dropped before their end, because there was too much. */
    public long dropped() {
        return dropped.sum();
    }

    /** Their bytes of those that there may be. */
    public Fill fill() {
        return Fill.of(Bounded.KEPT_REQUESTS, this::bytes, () -> most, this::dropped);
    }

    /** One deposit and the moment at which it ends, on the clock that nobody sets. */
    private static final class Deposit {
        private final byte[] value;
        private final long end;

        Deposit(byte[] value, long end) {
            this.value = value;
            this.end = end;
        }

        boolean isOver(long now) {
            return end - now <= 0;
        }

        long size() {
            return (long) value.length + OVERHEAD;
        }
    }
}
