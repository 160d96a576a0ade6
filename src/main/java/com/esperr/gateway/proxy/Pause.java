package com.esperr.gateway.proxy;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.decision.DecisionSource.Cancellation;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds requests on their way to the origin, such as while it is restarted: those that were let in wait, in bounded number, until
 * the pause ends or their time is up. Thread-safe; a request waits on its own event loop, where they go on in the order in which they came.
 */
public final class Pause {
    private static final Logger LOG = LoggerFactory.getLogger(Pause.class);

    private volatile MaintenanceConfig config;
    private final LongSupplier nanos;
    private final LoopLocal<Queue> queues;
    private final AtomicInteger held = new AtomicInteger();
    private final LongAdder refusals = new LongAdder();
    private volatile boolean on;

    Pause(MaintenanceConfig config, LoopLocal<Sweeper> sweepers, LongSupplier nanos) {
        this.config = config;
        this.nanos = nanos;
        this.queues = new LoopLocal<>(loop -> {
            Queue queue = new Queue();
            sweepers.get().register(queue);
            return queue;
        });
    }

    /** From now on requests wait as {@code next} says. */
    void configure(MaintenanceConfig next) {
        config = next;
    }

    /** Whether it is on. */
    public boolean on() {
        return on;
    }

    /** Requests that wait now. */
    public int held() {
        return held.get();
    }

    /** The same of those that may wait. */
    public Fill fill() {
        return Fill.of(Bounded.PAUSED_REQUESTS, held::get, () -> config.maxHeld(), refusals::sum);
    }

    /** Begins a pause, or ends it, as {@code by} says; for the one thread of operators. */
    public void turn(boolean pause, String by) {
        if (on == pause) {
            return;
        }
        on = pause;
        LOG.info("pause: {} by {}, {} requests held", pause ? "on" : "off", by, held());
        if (!pause) {
            queues.forEach(Queue::letGo);
        }
    }

    /**
     * Has {@code request} wait if it has to: one of the two is told, unless what is returned is cancelled first; null if it was
     * told at once.
     *
     * @param goOn when nothing is to be waited for, or no longer
     * @param refused when it cannot wait, or has waited too long; with the reason
     */
    @Nullable
    Cancellation hold(RequestContext request, Runnable goOn, Consumer<String> refused) {
        Queue queue = on || held() > 0 ? queues.get() : null;
        // Nobody overtakes those who still wait for the end of a pause to be noticed here.
        if (queue == null || (!on && queue.waiting.isEmpty()) || config.exempts(request)) {
            goOn.run();
            return null;
        }
        if (held.incrementAndGet() > config.maxHeld()) {
            held.decrementAndGet();
            refusals.increment();
            refused.accept("paused, and maintenance.pause.max-held requests wait already");
            return null;
        }
        Guest guest = new Guest(nanos.getAsLong() + config.hold().toNanos(), goOn, refused);
        queue.waiting.add(guest);
        return () -> queue.leave(guest);
    }

    private record Guest(long deadline, Runnable goOn, Consumer<String> refused) {}

    /** Who waits on one event loop; confined to it. */
    private final class Queue implements Sweeper.Sweepable {
        private final ArrayDeque<Guest> waiting = new ArrayDeque<>();

        private void letGo() {
            while (!on && !waiting.isEmpty()) {
                next().goOn.run();
            }
        }

        private Guest next() {
            held.decrementAndGet();
            return waiting.removeFirst();
        }

        private void leave(Guest guest) {
            if (waiting.remove(guest)) {
                held.decrementAndGet();
            }
        }

        @Override
        public void sweep(long now) {
            // The end of a pause does not reach a loop whose first request came at that moment.
            letGo();
            while (!waiting.isEmpty() && now - waiting.peekFirst().deadline >= 0) {
                next().refused.accept("paused for longer than maintenance.pause.hold");
            }
        }
    }
}
