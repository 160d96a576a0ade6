package com.esperr.gateway.telemetry;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/**
 * The gateway's own messages on standard error: where they go stands in {@code logback.xml}, how many there are is said
 * here. Thread-safe.
 */
public final class MessageLog {
    private static final String OWN = "com.esperr.gateway";

    private MessageLog() {}

    /** Sets what is said from now on. */
    public static void level(LogLevel level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(level.libraries());
            context.getLogger(OWN).setLevel(level.own());
        }
    }

    /** Writes out what still waits, for a bounded time, and says nothing afterwards; the last step of a shutdown. */
    public static void close() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
