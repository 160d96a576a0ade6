package com.esperr.gateway.beacon;

import java.util.Locale;

/** Why an event was lost; a metric label. */
public enum DropReason {
    /** Too many waited in memory for the disk. */
    QUEUE_FULL,
    /** Too many waited on disk for Esper, and this was the oldest. */
    SPOOL_FULL,
    /** The disk did not take it. */
    SPOOL_FAILED,
    /** It was longer than any event should be. */
    TOO_LARGE,
    /** Esper refused it, and the file for those could not be written. */
    DEAD_LETTERS_FAILED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The metric label. */
    public String label() {
        return label;
    }
}
