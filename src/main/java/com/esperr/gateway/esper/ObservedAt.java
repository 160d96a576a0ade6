package com.esperr.gateway.esper;

import java.time.Instant;

/**
 * Moments as RFC 3339 in UTC, always with three digits of milliseconds. Thread-safe: the text of the current second is
 * remembered as one immutable value, and a race merely writes it twice.
 */
public final class ObservedAt {
    private record Second(long epochSecond, String text) {}

    private volatile Second last = new Second(Long.MIN_VALUE, "");

    /** The text of {@code epochMillis}. */
    public String format(long epochMillis) {
        long second = Math.floorDiv(epochMillis, 1000L);
        Second known = last;
        if (known.epochSecond != second) {
            String text = Instant.ofEpochSecond(second).toString();
            known = new Second(second, text.substring(0, text.length() - 1));
            last = known;
        }
        int millis = (int) Math.floorMod(epochMillis, 1000L);
        return known.text + (millis < 10 ? ".00" : millis < 100 ? ".0" : ".") + millis + 'Z';
    }
}
