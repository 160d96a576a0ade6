package com.esperr.gateway.testkit;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which Netty reported a leak: a buffer that was garbage-collected before it was released. Registered for
 * every test by service file. Buffers that merely live on, in pools or open connections, are no leak, so integration tests can share
 * a gateway between classes. Thread-safe.
 */
public final class LeakGuard implements BeforeAllCallback, AfterAllCallback {

    private static final int COLLECTIONS = 2;
    private static final long COLLECTION_MILLIS = 2_000;
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakGuard.class);

    static {
        // Before any buffer class is initialised: each keeps the detector that the factory made for it in a static
        // field.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getStore(NAMESPACE).put("tracked", LeakRecorder.tracked());
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        Long before = context.getStore(NAMESPACE).get("tracked", Long.class);
        if (before == null || before == LeakRecorder.tracked()) {
            return;
        }
        List<String> leaks = collect();
        if (!leaks.isEmpty()) {
            throw new AssertionError("LEAK in " + context.getDisplayName() + " (expected: none): " + leaks);
        }
    }

    /** Lets the collector find what nobody released, and returns the reports since the last call. */
    static List<String> collect() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            ReferenceQueue<Object> queue = new ReferenceQueue<>();
            WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
            System.gc();
            queue.remove(COLLECTION_MILLIS);
            canary.clear();
            LeakRecorder.poll();
        }
        return LeakRecorder.drain();
    }

    private static final class Factory extends ResourceLeakDetectorFactory {

        @Override
        @SuppressWarnings("deprecation")
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int interval, long maxActive) {
            return newResourceLeakDetector(resource, interval);
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int interval) {
            return LeakRecorder.create(resource, interval);
        }
    }
}
