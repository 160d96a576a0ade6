package com.esperr.gateway.beacon;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/** The newest events that are safe on disk, byte for byte as they leave. Thread-safe; bounded by number and bytes. */
final class Tail {
    static final int MOST = 1000;

    private static final long MOST_BYTES = 2 << 20;

    private final ArrayDeque<Spooled> newest = new ArrayDeque<>();
    private long bytes;

    synchronized void add(Spooled spooled) {
        newest.addLast(spooled);
        bytes += spooled.event().length;
        while (newest.size() > MOST || bytes > MOST_BYTES) {
            bytes -= newest.removeFirst().event().length;
        }
    }

    /** Lines of {@code {"sequence":…,"event":{…}}} for the newest events behind {@code sequence}, oldest first. */
    synchronized String lines(long sequence, int most) {
        long matching =
                newest.stream().filter(spooled -> spooled.sequence() > sequence).count();
        StringBuilder lines = new StringBuilder();
        newest.stream()
                .filter(spooled -> spooled.sequence() > sequence)
                .skip(Math.max(0, matching - most))
                .forEach(spooled -> lines.append("{\"sequence\":")
                        .append(spooled.sequence())
                        .append(",\"event\":")
                        .append(new String(spooled.event(), StandardCharsets.UTF_8))
                        .append("}\n"));
        return lines.toString();
    }
}
