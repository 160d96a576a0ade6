package com.esperr.gateway.failure;

/** Whose fault a failure is; a metric label and the first thing an operator asks. */
public enum Side {
    /** The client sent something we refuse, or left. */
    CLIENT,
    /** The gateway itself refused or broke. */
    GATEWAY,
    /** The origin did not answer, or not correctly. */
    ORIGIN,
    /** The decision could not be obtained. */
    DECISION
}
