package com.esperr.gateway.cloud;

import com.esperr.gateway.esper.ApiKey;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says about the service: a change at once, refusals at most once a minute however many visitors meet them.
 * Thread-safe. Of an error body at most 256 bytes are shown, and never the API key, not even if the service repeats it.
 */
final class ServiceLog {
    private static final Logger LOG = LoggerFactory.getLogger(CloudSource.class);
    private static final long QUIET_NANOS = 60_000_000_000L;
    private static final long REFUSAL_NANOS = 15_000_000_000L;

    private final String service;
    private final ApiKey key;
    private final LongSupplier nanos;
    private final AtomicBoolean refused = new AtomicBoolean();
    private final AtomicLong quietUntil;
    private volatile long refusedAt;

    ServiceLog(String service, ApiKey key, LongSupplier nanos) {
        this.service = service;
        this.key = key;
        this.nanos = nanos;
        this.quietUntil = new AtomicLong(nanos.getAsLong());
    }

    void breaker(BreakerState state) {
        switch (state) {
            case OPEN -> LOG.warn("{}: too many failures, asking no questions for now (breaker open)", service);
            case HALF_OPEN -> LOG.info("{}: trying again (breaker half open)", service);
            case CLOSED -> LOG.info("{}: answers again (breaker closed)", service);
        }
    }

    /** The key was refused; said once until it is accepted again. */
    void unauthorized(int status, byte[] body) {
        refusedAt = nanos.getAsLong();
        if (refused.compareAndSet(false, true)) {
            LOG.error("{}: the API key is refused, status {}: {}", service, status, excerpt(body));
        }
    }

    /** A question was answered, so the key is good. */
    void authorized() {
        if (refused.get() && refused.compareAndSet(true, false)) {
            LOG.info("{}: the API key is accepted again", service);
        }
    }

    /**
     * Whether the key was refused a short time ago and not accepted since. It must not last: a gateway that is not ready
     * gets no visitors, and without visitors no question would ever find out that the key is good again.
     */
    boolean keyRefused() {
        return refused.get() && nanos.getAsLong() - refusedAt < REFUSAL_NANOS;
    }

    /** The service answered with an unusable status. */
    void status(int status, byte[] body) {
        if (mayTalk()) {
            LOG.warn("{}: status {}: {}", service, status, excerpt(body));
        }
    }

    /** The service answered something that is not an answer. */
    void unusable(String detail, byte[] body) {
        if (mayTalk()) {
            LOG.warn("{}: {}: {}", service, detail, excerpt(body));
        }
    }

    String excerpt(byte[] body) {
        return key.excerpt(body);
    }

    private boolean mayTalk() {
        long now = nanos.getAsLong();
        long until = quietUntil.get();
        return until - now <= 0 && quietUntil.compareAndSet(until, now + QUIET_NANOS);
    }
}
