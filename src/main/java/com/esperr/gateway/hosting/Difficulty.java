package com.esperr.gateway.hosting;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How much work is asked for: more when very many challenges are asked for, which people do not do. Thread-safe; two numbers,
 * whoever asks. One bit more each time the rate doubles, up to a most; as the time of a browser is limited in any case, only
 * those who would rather not wait are held up.
 */
final class Difficulty {
    private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MARGIN = 5;

    private final int base;
    private final int most;
    private final long calm;
    private final LongSupplier nanos;
    private final long origin;
    private final AtomicLong span = new AtomicLong();
    private final AtomicLong count = new AtomicLong();
    private volatile long before;

    /**
     * From {@code base} to {@code most} bits.
     *
     * @param perSecond up to how many challenges a second nothing is added
     */
    Difficulty(int base, int most, long perSecond, LongSupplier nanos) {
        this.base = base;
        this.most = Math.max(base, most);
        this.calm = perSecond * TimeUnit.NANOSECONDS.toSeconds(SPAN_NANOS);
        this.nanos = nanos;
        this.origin = nanos.getAsLong();
    }

    /** The bits for one more challenge. */
    int next() {
        long now = (nanos.getAsLong() - origin) / SPAN_NANOS;
        long known = span.get();
        if (now != known && span.compareAndSet(known, now)) {
            // Counts that others add in between are in one span or the other, which does not matter.
            long last = count.getAndSet(0);
            before = now == known + 1 ? last : 0;
        }
        long rate = Math.max(count.incrementAndGet(), before);
        int more = rate <= calm ? 0 : Long.SIZE - Long.numberOfLeadingZeros(rate / Math.max(1, calm));
        return Math.min(most, base + more);
    }

    /** What does when the time is over. */
    static int least(int bits) {
        return Math.max(1, bits - MARGIN);
    }
}
