package com.esperr.gateway.request;

import com.esperr.gateway.http.Fields;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Begins our part of the traces that requests belong to. What a visitor says about his trace is followed, or everything is a new
 * trace; of new ones the given share is recorded. Thread-safe.
 */
public final class Traces {
    private static final int MOST_STATE = 512;
    private static final long SHARE_BITS = 1L << 56;

    private final boolean follows;
    private final long limit;
    private final LongSupplier random;

    /** @param follows whether a request's own word counts: whose trace it belongs to, and whether that is recorded
     *  @param share of the traces that begin here which are recorded, 0 to 1 */
    public Traces(boolean follows, double share) {
        this(follows, share, () -> ThreadLocalRandom.current().nextLong());
    }

    Traces(boolean follows, double share, LongSupplier random) {
        this.follows = follows;
        this.limit = (long) (share * SHARE_BITS);
        this.random = random;
    }

    /** Our part of the trace of a request with {@code fields}. */
    Trace begin(Fields fields) {
        TraceParent parent = follows ? TraceParent.of(fields) : null;
        if (parent == null) {
            String high = id();
            String low = id();
            // By the low bits of the trace's name, so that gateways and their callers agree (level 2, section 3.2.2.4).
            boolean sampled = (Long.parseUnsignedLong(low, 16) & (SHARE_BITS - 1)) < limit;
            return new Trace(high + low, null, id(), id(), sampled, null);
        }
        return new Trace(parent.traceId(), parent.spanId(), id(), id(), parent.sampled(), state(fields));
    }

    /** Several fields are one list (section 3.3.1); one that is too long is left out as a whole. */
    private static @Nullable String state(Fields fields) {
        if (!fields.contains(Trace.STATE_FIELD)) {
            return null;
        }
        String list = String.join(",", fields.all(Trace.STATE_FIELD));
        return list.isBlank() || list.length() > MOST_STATE ? null : list;
    }

    private String id() {
        long bits = random.getAsLong();
        while (bits == 0) {
            bits = random.getAsLong();
        }
        String digits = Long.toHexString(bits);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
