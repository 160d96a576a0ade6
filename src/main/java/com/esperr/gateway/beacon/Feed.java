package com.esperr.gateway.beacon;

import java.util.List;

/** Takes events that are to be sent; called on the spool's thread. What it has taken it settles, each event once. */
interface Feed {
    /** Takes events, oldest first; false if it takes none any more. */
    boolean take(List<Spooled> events);

    /** Whether what was taken is likely to be settled soon, so that it is worth waiting for. */
    boolean isFlowing();

    /** Nothing more is to be sent. */
    void end();

    /** Whether nothing is under way any more after {@link #end}. */
    boolean isQuiet();
}
