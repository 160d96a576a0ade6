package com.esperr.gateway.boot;

import java.util.Locale;

/** Who decides, and whether that is enforced. */
public enum Mode {
    /** The embedded engine. */
    LOCAL,
    /** Esper's runtime API. */
    CLOUD,
    /** What Esper has decided before, enforced here. */
    HYBRID,
    /** One of them, only recorded. */
    MONITOR;

    /** The word in configuration and log. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
