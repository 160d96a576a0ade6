package com.esperr.gateway.testkit;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakTracker;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * Netty's leak detector with a memory: what it reports is kept for {@link LeakGuard} as well as logged. Thread-safe.
 */
final class LeakRecorder<T> extends ResourceLeakDetector<T> {

    private static final List<LeakRecorder<?>> ALL = new CopyOnWriteArrayList<>();
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
    /**
     * Where the client library makes the buffer that each of its connections has. It is released when the connection is taken off its
     * event loop, which does not happen to one that still connects while the client is shut down.
     */
    private static final String OF_THE_REDIS_CLIENT = "io.lettuce.core.protocol.CommandHandler.channelRegistered";

    private static final LongAdder TRACKED = new LongAdder();
    private static volatile boolean silent;

    private LeakRecorder(Class<?> resource, int interval) {
        super(resource, interval);
    }

    static <T> LeakRecorder<T> create(Class<T> resource, int interval) {
        LeakRecorder<T> recorder = new LeakRecorder<>(resource, interval);
        ALL.add(recorder);
        return recorder;
    }

    /** Keeps reports out of the log, where the build looks for them; for the test that leaks on purpose. */
    static void silent(boolean on) {
        silent = on;
    }

    /** How many resources were ever tracked. */
    static long tracked() {
        return TRACKED.sum();
    }

    /** Makes every detector look at its queue of collected resources, which it does only when something new is tracked. */
    static void poll() {
        ALL.forEach(LeakRecorder::pollOne);
    }

    /** The leaks reported since the last call. */
    static List<String> drain() {
        List<String> leaks = new ArrayList<>();
        for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
            leaks.add(leak);
        }
        return leaks;
    }

    @Override
    public ResourceLeakTracker<T> track(T resource) {
        TRACKED.increment();
        return super.track(resource);
    }

    @Override
    public ResourceLeakTracker<T> trackForcibly(T resource) {
        TRACKED.increment();
        return super.trackForcibly(resource);
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        if (records.contains(OF_THE_REDIS_CLIENT)) {
            return;
        }
        LEAKS.add(resourceType + records);
        if (!silent) {
            super.reportTracedLeak(resourceType, records);
        }
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        LEAKS.add(resourceType);
        if (!silent) {
            super.reportUntracedLeak(resourceType);
        }
    }

    /** A probe that is closed at once; the detector never looks at its type. */
    @SuppressWarnings("unchecked")
    private void pollOne() {
        Object probe = new Object();
        ResourceLeakTracker<T> tracker = super.trackForcibly((T) probe);
        tracker.close((T) probe);
    }
}
