package com.esperr.gateway.boot;

import com.esperr.gateway.acme.AcmeCertificate;
import com.esperr.gateway.listen.ListenTlsConfig;
import com.esperr.gateway.listen.TlsFront;
import com.esperr.gateway.proxy.Clock;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the files of the listener's certificates now and then, on a thread of its own. Thread-safe. */
final class TlsReload implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsReload.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("certificates", true));

    /** Authorities may take their time, and that is not the reloading's. */
    private final ScheduledExecutorService asking =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("ocsp", true));

    private TlsReload(TlsFront front, long nanos) {
        if (nanos > 0) {
            repeat(front::reload, nanos);
        }
        repeat(front::rotateTicketKeys, LOOK_NANOS);
        asking.scheduleWithFixedDelay(() -> run(() -> ask(front)), LOOK_NANOS / 10, LOOK_NANOS, TimeUnit.NANOSECONDS);
    }

    private void repeat(Runnable task, long nanos) {
        thread.scheduleWithFixedDelay(() -> run(task), nanos, nanos, TimeUnit.NANOSECONDS);
    }

    private static void ask(TlsFront front) {
        try {
            front.lookForStaples();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** A defect must not end what has to go on for months. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException defect) {
            LOG.error("looking after certificates failed unexpectedly", defect);
        }
    }

    /**
     * TLS with visitors as configured; null if there is to be none.
     *
     * @param key where {@code config} stands, for messages
     * @throws IOException if a file cannot be used; the message names it
     */
    static @Nullable TlsFront begin(
            String key,
            @Nullable ListenTlsConfig config,
            boolean http2,
            @Nullable AcmeCertificate acme,
            Parts parts,
            Clock clock)
            throws IOException {
        if (config == null) {
            return null;
        }
        TlsFront front = TlsFront.open(key, config, http2, acme, clock::nanos, clock::millis);
        long interval = config.reloadInterval().toNanos();
        // What comes from an authority is to be shown, however the operator changes his own files.
        parts.add(new TlsReload(front, interval == 0 && acme != null ? LOOK_NANOS : interval));
        return front;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        asking.shutdownNow();
    }
}
