package com.esperr.gateway.bound;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How full one thing is that is bounded, as whoever owns it knows. Thread-safe; read on the thread of whoever looks at metrics, where
 * it must neither wait nor visit what is kept.
 */
public final class Fill {
    private final Bounded what;
    private final Supplier<List<Fill>> parts;
    private final LongSupplier entries;
    private final LongSupplier capacity;
    private final LongSupplier dropped;

    private Fill(
            Bounded what,
            Supplier<List<Fill>> parts,
            LongSupplier entries,
            LongSupplier capacity,
            LongSupplier dropped) {
        this.what = what;
        this.parts = parts;
        this.entries = entries;
        this.capacity = capacity;
        this.dropped = dropped;
    }

    /**
     * Of something that {@code capacity} entries fit in.
     *
     * @param dropped how many were let go before their time, or refused, because it was full
     */
    public static Fill of(Bounded what, LongSupplier entries, LongSupplier capacity, LongSupplier dropped) {
        return new Fill(what, List::of, entries, capacity, dropped);
    }

    /** The same with a capacity that does not change. */
    public static Fill of(Bounded what, LongSupplier entries, long capacity, LongSupplier dropped) {
        return of(what, entries, () -> capacity, dropped);
    }

    /** Of several of a kind that come and go, each with room of its own. */
    public static Fill over(Bounded what, Supplier<List<Fill>> parts) {
        return over(what, parts, () -> 0);
    }

    /** The same where {@code dropped} counts for all of them. */
    public static Fill over(Bounded what, Supplier<List<Fill>> parts, LongSupplier dropped) {
        return new Fill(
                what,
                parts,
                () -> 0,
                () -> 0,
                () -> dropped.getAsLong()
                        + parts.get().stream().mapToLong(Fill::dropped).sum());
    }

    /** The same, but what was dropped is never less than it was, whichever of its parts have gone. */
    public Fill rising() {
        return new Fill(what, parts, entries, capacity, new RisingCount(dropped));
    }

    /** What it is. */
    public Bounded what() {
        return what;
    }

    /** How many there are. */
    public long entries() {
        return entries.getAsLong()
                + parts.get().stream().mapToLong(Fill::entries).sum();
    }

    /** How many there may be. */
    public long capacity() {
        return capacity.getAsLong()
                + parts.get().stream().mapToLong(Fill::capacity).sum();
    }

    /** How many were dropped or refused since the start. */
    public long dropped() {
        return dropped.getAsLong();
    }

    /** The share of its room that is taken; of several that of the fullest, as one that is full is no better for the others' room. */
    public double ratio() {
        long most = capacity.getAsLong();
        double own = most <= 0 ? 0 : (double) entries.getAsLong() / most;
        return parts.get().stream().mapToDouble(Fill::ratio).reduce(own, Math::max);
    }
}
