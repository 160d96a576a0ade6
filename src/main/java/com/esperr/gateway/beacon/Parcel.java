package com.esperr.gateway.beacon;

import java.util.List;

/** Events that are sent together, and how often that failed. Confined to the publisher's event loop. */
final class Parcel {
    private final List<Spooled> events;
    private int attempts;
    private long due;
    private boolean excused;

    /** A parcel that may be sent at {@code due} on the nanosecond clock. */
    Parcel(List<Spooled> events, long due) {
        this.events = List.copyOf(events);
        this.due = due;
    }

    List<Spooled> events() {
        return events;
    }

    /** Its place in the order of parcels. */
    long sequence() {
        return events.get(0).sequence();
    }

    int attempts() {
        return attempts;
    }

    void failed() {
        attempts++;
    }

    boolean isDue(long now) {
        return due - now <= 0;
    }

    long due() {
        return due;
    }

    void due(long when) {
        due = when;
    }

    /** True the first time: one stale connection is nobody's fault, two in a row are somebody's. */
    boolean excuse() {
        boolean first = !excused;
        excused = true;
        return first;
    }
}
