package com.esperr.gateway.boot;

import com.esperr.gateway.acme.AcmeCertificate;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks now and then whether certificates are to be ordered, on a thread of its own: an order takes its time. Thread-safe. */
final class AcmeWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AcmeWatch.class);

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("acme", true));
    private final List<AcmeCertificate> certificates;

    private AcmeWatch(List<AcmeCertificate> certificates) {
        this.certificates = certificates;
        // The first look comes when the listeners are open, as the authority will look, too.
        thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    static void begin(List<AcmeCertificate> certificates, Metrics metrics, Parts parts) {
        metrics.counter(MeterName.ACME_ORDERS, () -> sum(certificates, true), "ok");
        metrics.counter(MeterName.ACME_ORDERS, () -> sum(certificates, false), "failed");
        parts.add(new AcmeWatch(certificates));
    }

    private static long sum(List<AcmeCertificate> certificates, boolean obtained) {
        return certificates.stream()
                .mapToLong(one -> obtained ? one.obtained() : one.failed())
                .sum();
    }

    private void look() {
        for (AcmeCertificate certificate : certificates) {
            try {
                certificate.look();
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException defect) {
                // A defect must not end what has to go on for months.
                LOG.error("ordering certificates failed unexpectedly", defect);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
