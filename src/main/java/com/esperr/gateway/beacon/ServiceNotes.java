package com.esperr.gateway.beacon;

import com.esperr.gateway.esper.ApiKey;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says about Esper taking events: a refused key once until it is accepted, anything else at most once a minute.
 * Confined to the publisher's event loop. Of a body at most 256 bytes are shown, and never the key.
 */
final class ServiceNotes {
    private static final Logger LOG = LoggerFactory.getLogger(Beacon.class);
    private static final long QUIET_NANOS = 60_000_000_000L;

    private final ApiKey key;
    private final LongSupplier nanos;
    private boolean refused;
    private boolean spoken;
    private long spokenAt;

    ServiceNotes(ApiKey key, LongSupplier nanos) {
        this.key = key;
        this.nanos = nanos;
    }

    void keyRefused(int status, byte[] body) {
        if (!refused) {
            refused = true;
            LOG.error("beacon: the API key is refused, status {}: {}; events are kept", status, excerpt(body));
        }
    }

    void taken() {
        if (refused) {
            refused = false;
            LOG.info("beacon: the API key is accepted again");
        }
    }

    void failed(String detail) {
        if (mayTalk()) {
            LOG.warn("beacon: events cannot be sent and are kept: {}", detail);
        }
    }

    void refusedEvent(int status, String excerpt) {
        if (mayTalk()) {
            LOG.warn("beacon: an event was refused and put aside, status {}: {}", status, excerpt);
        }
    }

    void unknownDecision() {
        if (mayTalk()) {
            LOG.warn("beacon: an answer tells of a mitigation in words that are not known; nothing is learned from it");
        }
    }

    /** The beginning of {@code text}, legible and without the key. */
    String excerpt(String text) {
        return excerpt(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The beginning of {@code body}, legible and without the key. */
    String excerpt(byte[] body) {
        return key.excerpt(body);
    }

    private boolean mayTalk() {
        long now = nanos.getAsLong();
        if (spoken && now - spokenAt < QUIET_NANOS) {
            return false;
        }
        spoken = true;
        spokenAt = now;
        return true;
    }
}
