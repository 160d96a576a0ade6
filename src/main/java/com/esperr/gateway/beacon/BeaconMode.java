package com.esperr.gateway.beacon;

/** What becomes of events. */
public enum BeaconMode {
    /** There are none. */
    OFF,
    /** They are spooled and sent. */
    ON,
    /** They are printed on standard output, and nothing is kept or sent. */
    DRY_RUN
}
