package com.esperr.gateway.cloud;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongSupplier;

/**
 * How many questions may be under way at once: additive increase while the service answers and the room is used,
 * multiplicative decrease when it does not keep up (RFC 5681 has the reasoning). Thread-safe without locks; shared by all
 * event loops. A burst of time-outs comes from one and the same congestion, so that the limit is cut once per rest, and
 * questions asked before a cut say nothing about the time after it.
 */
final class ConcurrencyLimit {
    private final ConcurrencyConfig config;
    private final LongSupplier nanos;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    // The limit, a double, as its bits.
    private final AtomicLong limit;
    private final AtomicLong restUntil;

    ConcurrencyLimit(ConcurrencyConfig config, LongSupplier nanos) {
        this.config = config;
        this.nanos = nanos;
        this.limit = new AtomicLong(Double.doubleToRawLongBits(config.max()));
        this.restUntil = new AtomicLong(nanos.getAsLong());
    }

    /** Whether one more question may be asked; each that may ends with one of the calls below. */
    boolean acquire() {
        if (inFlight.incrementAndGet() <= current()) {
            return true;
        }
        inFlight.decrementAndGet();
        refused.increment();
        return false;
    }

    /** The service answered. */
    void answered() {
        int used = inFlight.getAndDecrement();
        // Room that nobody uses is no proof that the service could bear more.
        change(now -> used * 2.0 < now ? now : Math.min(config.max(), now + 1 / now));
    }

    /** The service did not keep up with a question asked at {@code asked}. */
    void congested(long asked) {
        inFlight.decrementAndGet();
        long until = restUntil.get();
        long now = nanos.getAsLong();
        boolean old = asked - (until - config.rest().toNanos()) < 0;
        if (now - until >= 0
                && !old
                && restUntil.compareAndSet(until, now + config.rest().toNanos())) {
            change(before -> Math.max(config.min(), before * config.backOff()));
        }
    }

    /** The question says nothing about the service. */
    void released() {
        inFlight.decrementAndGet();
    }

    /** How many questions may be under way now. */
    int current() {
        return (int) Double.longBitsToDouble(limit.get());
    }

    int inFlight() {
        return inFlight.get();
    }

    /** How many are under way of those that may ever be. */
    Fill fill() {
        return Fill.of(Bounded.DECISION_QUESTIONS, inFlight::get, config.max(), refused::sum);
    }

    private void change(DoubleUnaryOperator step) {
        limit.updateAndGet(bits -> Double.doubleToRawLongBits(step.applyAsDouble(Double.longBitsToDouble(bits))));
    }
}
