package com.esperr.gateway.boot;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parts that must be closed, in the opposite order of their making. Confined to the thread that composes. */
final class Parts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private final Deque<AutoCloseable> made = new ArrayDeque<>();

    /** Remembers {@code part}. */
    <T extends AutoCloseable> T add(T part) {
        made.push(part);
        return part;
    }

    /** Closes all of them, whatever one of them throws. */
    @Override
    public void close() {
        while (!made.isEmpty()) {
            AutoCloseable part = made.pop();
            try {
                part.close();
            } catch (Exception failed) {
                LOG.error("closing {} failed", part.getClass().getSimpleName(), failed);
            }
        }
    }
}
