package com.esperr.gateway.proxy;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How many clients are connected, how many may be, and whether the gateway is on its way out. Thread-safe. */
public final class Connections {
    /** Connections beyond the limit that are answered before they are closed. */
    static final int MARGIN = 64;

    private static final long FRESH_NANOS = 5_000_000_000L;

    private volatile int limit;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder requestsOpen = new LongAdder();
    private final LongAdder upstreamRetries = new LongAdder();
    private volatile boolean draining;
    private volatile boolean cut;
    private volatile boolean tunnelsEnd;
    private volatile boolean leaving;
    private long leavesFrom;
    private long leavesWithin;

    /** At most {@code limit} connections. */
    public Connections(int limit) {
        this.limit = limit;
    }

    /** From now on, at most {@code most}. */
    void limit(int most) {
        limit = most;
    }

    /** Connections that are open now. */
    public int open() {
        return open.get();
    }

    /** The same of those that are served; a few more are open to be told so. */
    public Fill fill() {
        return Fill.of(Bounded.CLIENT_CONNECTIONS, open::get, () -> limit, refused::sum);
    }

    /** Connections accepted since the start. */
    public long accepted() {
        return accepted.sum();
    }

    /** Connections that were closed unanswered, because there were far too many. */
    public long dropped() {
        return dropped.sum();
    }

    /** Requests that have begun and not ended. */
    public long requestsOpen() {
        return requestsOpen.sum();
    }

    /** Requests that were sent to the origin a second time. */
    public long upstreamRetries() {
        return upstreamRetries.sum();
    }

    void requestBegun() {
        requestsOpen.increment();
    }

    void requestEnded(boolean retried) {
        requestsOpen.decrement();
        if (retried) {
            upstreamRetries.increment();
        }
    }

    /** Whether connections are closed after their current request. */
    public boolean draining() {
        return draining;
    }

    /** From now on they are. */
    public void drain() {
        draining = true;
    }

    /** From {@code now} on, one connection after the other is closed after its current request, all of them {@code within} that time. */
    void leave(long now, long within) {
        leavesFrom = now;
        leavesWithin = within;
        leaving = true;
    }

    /** Whether it is the turn of a connection, of which {@code name} is as good as random. */
    boolean leaves(int name, Clock clock) {
        if (!leaving) {
            return false;
        }
        // Multiplied, because the lower bits of names alone may all be alike.
        double share = ((name * 0x9E3779B9) >>> 8) / (double) (1 << 24);
        return clock.nanos() - leavesFrom >= share * leavesWithin;
    }

    /** Whether a connection is closed behind its current answer. */
    boolean endsBehind(int name, Clock clock) {
        return draining || leaves(name, clock);
    }

    /**
     * Whether a connection that asks for nothing at {@code now} is closed: not yet if it was only just accepted and is about to ask, as
     * nobody has told it to go elsewhere.
     */
    boolean endsIdle(int served, long since, long now) {
        return draining && (served > 0 || now - since > FRESH_NANOS);
    }

    /** Whether tunnels are told to end. */
    boolean tunnelsEnd() {
        return tunnelsEnd;
    }

    /** From now on they are. */
    void endTunnels() {
        tunnelsEnd = true;
    }

    /** Whether requests under way are ended, finished or not. */
    boolean cut() {
        return cut;
    }

    /** From now on they are. */
    void cutOff() {
        cut = true;
    }

    /** Counts one in that has yet to say who it is, until {@link #heard}; false, and not counted as open, if there are too many. */
    boolean expected() {
        if (open.incrementAndGet() <= limit + MARGIN) {
            return true;
        }
        open.decrementAndGet();
        accepted.increment();
        dropped.increment();
        refused.increment();
        return false;
    }

    /** One of those has said so, and is counted anew, or never will. */
    void heard() {
        open.decrementAndGet();
    }

    /** Counts one in, until it is closed, however welcome it is. */
    Welcome opened() {
        accepted.increment();
        int now = open.incrementAndGet();
        int most = limit;
        if (now <= most) {
            return Welcome.SERVED;
        }
        refused.increment();
        if (now - most <= MARGIN) {
            return Welcome.REFUSED;
        }
        dropped.increment();
        return Welcome.DROPPED;
    }

    /** What is done with a connection that was accepted. */
    enum Welcome {
        /** Its requests are answered. */
        SERVED,
        /** It is told that there are too many. */
        REFUSED,
        /** It is closed: telling costs memory, a line in the log and seconds of patience, and already too many are told. */
        DROPPED
    }

    void closed() {
        open.decrementAndGet();
    }
}
