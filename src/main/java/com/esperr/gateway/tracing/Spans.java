package com.esperr.gateway.tracing;

import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.exchange.ExchangeListener;

/**
 * Where spans of finished exchanges go. Thread-safe. Apart from {@link TraceExport}, so that whoever holds one, or none, loads nothing of the
 * library before somebody wants traces.
 */
public interface Spans extends ExchangeListener, AutoCloseable {
    /** How many the collector has taken. */
    long sent();

    /** How many were lost because too many waited. */
    long overflowed();

    /** How many the collector did not take. */
    long failed();

    /** How many requests' spans wait. */
    long waiting();

    /** The same of those that may wait. */
    Fill fill();

    /** Sends what waits, for two seconds at the most. */
    @Override
    void close();
}
