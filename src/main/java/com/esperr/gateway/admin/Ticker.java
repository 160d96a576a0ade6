package com.esperr.gateway.admin;

import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the dashboard's events made once a second, on the admin thread; a tick is left out while the one before has not been worked off.
 * Thread-safe.
 */
final class Ticker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

    private final EventsEndpoint events;
    private final Gate gate;
    private final AdminThread thread;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private @Nullable Future<?> beat;

    private Ticker(EventsEndpoint events, Gate gate, AdminThread thread) {
        this.events = events;
        this.gate = gate;
        this.thread = thread;
    }

    /** Begins, if there are such events. */
    static @Nullable Ticker begin(List<Endpoint> endpoints, Gate gate, AdminThread thread, EventLoopGroup loops) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint instanceof EventsEndpoint events) {
                Ticker ticker = new Ticker(events, gate, thread);
                ticker.beat = loops.next().scheduleWithFixedDelay(ticker::tick, 1, 1, TimeUnit.SECONDS);
                return ticker;
            }
        }
        return null;
    }

    private void tick() {
        if (waiting.compareAndSet(false, true) && !thread.offer(this::work)) {
            waiting.set(false);
        }
    }

    private void work() {
        waiting.set(false);
        try {
            events.tick(gate);
        } catch (RuntimeException fault) {
            LOG.error("operator port: the dashboard's events failed", fault);
        }
    }

    @Override
    public void close() {
        Future<?> current = beat;
        if (current != null) {
            current.cancel(false);
        }
    }
}
