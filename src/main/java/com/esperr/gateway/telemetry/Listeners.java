package com.esperr.gateway.telemetry;

import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.exchange.ExchangeRecord;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one listener the proxy knows: passes each record to every other one, in order. A listener that throws is counted and
 * its first fault logged with a stack, and neither the exchange nor the next listener notices. Thread-safe.
 */
public final class Listeners implements ExchangeListener {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private volatile Told[] listeners;
    private final LongAdder failures = new LongAdder();

    /** A composite of {@code listeners}. */
    public Listeners(List<? extends ExchangeListener> listeners) {
        this.listeners = told(listeners);
    }

    private static Told[] told(List<? extends ExchangeListener> listeners) {
        return listeners.stream().map(Told::new).toArray(Told[]::new);
    }

    /** Tells these from now on. Whoever is told just now still finds the ones before. */
    public void replace(List<? extends ExchangeListener> next) {
        listeners = told(next);
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        for (Told one : listeners) {
            try {
                one.listener.finished(exchange);
            } catch (RuntimeException | Error fault) {
                failures.increment();
                if (one.reported.compareAndSet(false, true)) {
                    String name = one.listener.getClass().getSimpleName();
                    LOG.error(
                            "listener {}: failed on a finished exchange; further failures are only counted",
                            name,
                            fault);
                }
            }
        }
    }

    /** A listener, and whether its first fault has been logged. */
    private static final class Told {
        private final ExchangeListener listener;
        private final AtomicBoolean reported = new AtomicBoolean();

        Told(ExchangeListener listener) {
            this.listener = listener;
        }
    }

    /** How often a listener has thrown. */
    public long failures() {
        return failures.sum();
    }
}
