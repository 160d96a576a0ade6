package com.esperr.gateway.telemetry;

import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.exchange.ExchangeRecord;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one listener the proxy knows: passes each record to every other one, in order. A listener that throws is counted and
 * its first fault logged with a stack, and neither the exchange nor the next listener notices. Thread-safe.
 */
public final class Listeners implements ExchangeListener {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final ExchangeListener[] listeners;
    private final AtomicIntegerArray reported;
    private final LongAdder failures = new LongAdder();

    /** A composite of {@code listeners}. */
    public Listeners(List<? extends ExchangeListener> listeners) {
        this.listeners = listeners.toArray(new ExchangeListener[0]);
        this.reported = new AtomicIntegerArray(listeners.size());
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        for (int i = 0; i < listeners.length; i++) {
            try {
                listeners[i].finished(exchange);
            } catch (RuntimeException | Error fault) {
                failures.increment();
                if (reported.compareAndSet(i, 0, 1)) {
                    String name = listeners[i].getClass().getSimpleName();
                    LOG.error(
                            "listener {}: failed on a finished exchange; further failures are only counted",
                            name,
                            fault);
                }
            }
        }
    }

    /** How often a listener has thrown. */
    public long failures() {
        return failures.sum();
    }
}
