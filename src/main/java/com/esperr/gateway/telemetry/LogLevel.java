package com.esperr.gateway.telemetry;

import ch.qos.logback.classic.Level;

/** How much the gateway says about itself on standard error. Immutable. */
public enum LogLevel {
    /** What needs somebody now. */
    ERROR(Level.ERROR, Level.ERROR),
    /** What will need somebody. */
    WARN(Level.WARN, Level.WARN),
    /** What happened in the life of the process. */
    INFO(Level.INFO, Level.WARN),
    /** What happened to single requests; libraries tell their lives as well. */
    DEBUG(Level.DEBUG, Level.INFO);

    private final Level own;
    private final Level libraries;

    LogLevel(Level own, Level libraries) {
        this.own = own;
        this.libraries = libraries;
    }

    /** The level of the gateway's own loggers. */
    Level own() {
        return own;
    }

    /** The level of everybody else's. */
    Level libraries() {
        return libraries;
    }
}
