package com.esperr.gateway.hosting;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** How far visitors get with challenges that are held here, by kind. Thread-safe. */
public final class Funnel {
    private static final int METHODS = Method.values().length;

    private final LongAdder[] issued = adders(METHODS);
    private final LongAdder[] loaded = adders(METHODS);
    private final LongAdder[] submitted = adders(METHODS);
    private final LongAdder[] solved = adders(METHODS);
    private final LongAdder[] skipped = adders(METHODS);
    private final LongAdder[] rejected = adders(METHODS * RejectReason.values().length);
    private final BiConsumer<Method, Duration> times;

    /** Tells {@code times} how long each solved challenge took, from its page to its answer. */
    public Funnel(BiConsumer<Method, Duration> times) {
        this.times = times;
    }

    void issued(Method method) {
        issued[method.ordinal()].increment();
    }

    void loaded(Method method) {
        loaded[method.ordinal()].increment();
    }

    void submitted(Method method) {
        submitted[method.ordinal()].increment();
    }

    void solved(Method method, long millis) {
        solved[method.ordinal()].increment();
        times.accept(method, Duration.ofMillis(Math.max(0, millis)));
    }

    void skipped(Method method) {
        skipped[method.ordinal()].increment();
    }

    void rejected(Method method, RejectReason reason) {
        rejected[slot(method, reason)].increment();
    }

    /** Pages that asked for it first. */
    public long issuedCount(Method method) {
        return issued[method.ordinal()].sum();
    }

    /** Pages whose script has begun. */
    public long loadedCount(Method method) {
        return loaded[method.ordinal()].sum();
    }

    /** Answers that came. */
    public long submittedCount(Method method) {
        return submitted[method.ordinal()].sum();
    }

    /** Answers that counted. */
    public long solvedCount(Method method) {
        return solved[method.ordinal()].sum();
    }

    /** Pages that would have asked for it had whoever holds it been there. */
    public long skippedCount(Method method) {
        return skipped[method.ordinal()].sum();
    }

    /** Answers that did not count. */
    public long rejectedCount(Method method, RejectReason reason) {
        return rejected[slot(method, reason)].sum();
    }

    private static int slot(Method method, RejectReason reason) {
        return method.ordinal() * RejectReason.values().length + reason.ordinal();
    }

    private static LongAdder[] adders(int count) {
        return Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
    }
}
