package com.esperr.client;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what a client does. Thread-safe. */
final class Usage {
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder inFlight = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final Map<ErrorGroup, LongAdder> errors = new EnumMap<>(ErrorGroup.class);
    private final LatencyHistogram latency = new LatencyHistogram();

    Usage() {
        for (ErrorGroup group : ErrorGroup.values()) {
            errors.put(group, new LongAdder());
        }
    }

    void began() {
        inFlight.increment();
    }

    void retried() {
        retries.increment();
    }

    /** A call is over after so many nanoseconds, with an answer if there is no failure. */
    void ended(@Nullable Throwable failure, long nanos) {
        inFlight.decrement();
        if (failure == null) {
            succeeded.increment();
        } else if (failure instanceof EsperException error) {
            count(error.group());
        } else {
            cancelled.increment();
            return;
        }
        if (!(failure instanceof EsperValidationException)) {
            latency.record(nanos);
        }
    }

    private void count(ErrorGroup group) {
        LongAdder adder = errors.get(group);
        if (adder != null) {
            adder.increment();
        }
    }

    private long sum(ErrorGroup group) {
        LongAdder adder = errors.get(group);
        return adder == null ? 0 : adder.sum();
    }

    EsperStats snapshot() {
        long open = inFlight.sum();
        long good = succeeded.sum();
        long left = cancelled.sum();
        long api = sum(ErrorGroup.API);
        long connection = sum(ErrorGroup.CONNECTION);
        long timeout = sum(ErrorGroup.TIMEOUT);
        long validation = sum(ErrorGroup.VALIDATION);
        long all = open + good + left + api + connection + timeout + validation;
        return new EsperStats(
                all, open, good, retries.sum(), api, connection, timeout, validation, left, latency.percentiles());
    }
}
