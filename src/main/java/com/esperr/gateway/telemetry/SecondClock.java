package com.esperr.gateway.telemetry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Writes RFC 3339 times in UTC with milliseconds, formatting only when the second has changed. Confined to one thread.
 */
final class SecondClock {
    private static final int MILLIS_AND_ZONE = 5;

    private long second = Long.MIN_VALUE;
    private byte[] text = new byte[0];

    /** The time of {@code epochMillis}; shared with the next call, which overwrites it. */
    byte[] text(long epochMillis) {
        long now = Math.floorDiv(epochMillis, 1000L);
        if (now != second) {
            begin(now);
        }
        int millis = (int) Math.floorMod(epochMillis, 1000L);
        int at = text.length - MILLIS_AND_ZONE;
        text[at + 1] = (byte) ('0' + millis / 100);
        text[at + 2] = (byte) ('0' + millis / 10 % 10);
        text[at + 3] = (byte) ('0' + millis % 10);
        return text;
    }

    private void begin(long now) {
        String whole = Instant.ofEpochSecond(now).toString();
        text = whole.replace("Z", ".000Z").getBytes(StandardCharsets.US_ASCII);
        second = now;
    }
}
