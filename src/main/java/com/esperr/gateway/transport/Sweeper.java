package com.esperr.gateway.transport;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One coarse timer of an event loop that looks at everything that waits there; confined to that loop.
 *
 * <p>A connection has many time limits and nearly never meets one. Instead of scheduling and cancelling a task for each,
 * it keeps its deadlines in fields and is visited a few times a second. The timer runs only while somebody is registered.
 */
public final class Sweeper {
    /** How often the loop looks, and so how late a time limit can be noticed. */
    static final long INTERVAL_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    private final EventLoop loop;
    private final LongSupplier nanos;
    private final List<Entry> entries = new ArrayList<>();
    private boolean scheduled;

    /** A sweeper for {@code loop}, reading time from {@code nanos}. */
    public Sweeper(EventLoop loop, LongSupplier nanos) {
        this.loop = loop;
        this.nanos = nanos;
    }

    /** Visits {@code target} until the returned entry is closed. */
    public Entry register(Sweepable target) {
        assert loop.inEventLoop();
        Entry entry = new Entry(target, entries.size());
        entries.add(entry);
        schedule();
        return entry;
    }

    private void schedule() {
        if (!scheduled && !entries.isEmpty() && !loop.isShuttingDown()) {
            scheduled = true;
            var unused = loop.schedule(this::sweep, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void sweep() {
        scheduled = false;
        visitAll();
        schedule();
    }

    /** Visits everyone now. */
    public void visitAll() {
        long now = nanos.getAsLong();
        // Backwards, because a visit may close its own entry, which moves the last one into its place.
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (i < entries.size()) {
                visit(entries.get(i).target, now);
            }
        }
    }

    /** One target that throws must not cost all others their time limits. */
    private static void visit(Sweepable target, long now) {
        try {
            target.sweep(now);
        } catch (RuntimeException | Error failed) {
            LOG.error("a time limit could not be looked at", failed);
        }
    }

    /** Something with deadlines. */
    public interface Sweepable {
        /** Looks at its deadlines; {@code nanos} is now on the injected clock. Called on the event loop. */
        void sweep(long nanos);
    }

    /** A registration; confined to the event loop. */
    public final class Entry {
        private final Sweepable target;
        private int position;

        private Entry(Sweepable target, int position) {
            this.target = target;
            this.position = position;
        }

        /** Ends the visits; closing again does nothing. */
        public void close() {
            assert loop.inEventLoop();
            if (position < 0) {
                return;
            }
            Entry last = entries.remove(entries.size() - 1);
            if (last != this) {
                entries.set(position, last);
                last.position = position;
            }
            position = -1;
        }
    }
}
