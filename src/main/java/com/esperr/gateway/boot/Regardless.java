package com.esperr.gateway.boot;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of an exchange that cannot be taken back any more: each is taken, whatever has become of the one before, because half an
 * exchange keeps parts that are never begun and others that never end. Thread-safe.
 */
final class Regardless {
    private static final Logger LOG = LoggerFactory.getLogger(Regardless.class);

    private Regardless() {}

    /** Takes {@code step}; a defect of it means {@code otherwise}, and is logged. */
    static void take(String otherwise, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException defect) {
            LOG.error("configuration: in force, but {}", otherwise, defect);
        }
    }
}
