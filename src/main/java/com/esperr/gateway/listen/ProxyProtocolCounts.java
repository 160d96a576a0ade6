package com.esperr.gateway.listen;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What became of connections where PROXY protocol is spoken. Thread-safe. */
public final class ProxyProtocolCounts {
    /** One outcome. */
    public enum Result {
        /** The header said where the connection comes from. */
        TOLD,
        /** The header left it to the socket: the balancer's own connection, or an unknown family. */
        LOCAL,
        /** There was none, and there need not be. */
        ABSENT,
        /** Who connected may not send one, and one is required. */
        UNTRUSTED,
        /** It was none, and one is required; or it began as one and was none. */
        MALFORMED,
        /** It was not complete in time. */
        TIMEOUT,
        /** The connection ended before. */
        CLOSED;

        /** The word for metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Result, LongAdder> counts = new EnumMap<>(Result.class);

    /** All at zero. */
    public ProxyProtocolCounts() {
        for (Result result : Result.values()) {
            counts.put(result, new LongAdder());
        }
    }

    void count(Result result) {
        adder(result).increment();
    }

    /** How often it was that. */
    public long of(Result result) {
        return adder(result).sum();
    }

    private LongAdder adder(Result result) {
        LongAdder adder = counts.get(result);
        if (adder == null) {
            throw new IllegalStateException(result + ": not counted (expected: every result)");
        }
        return adder;
    }
}
