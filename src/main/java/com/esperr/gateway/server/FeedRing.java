package com.esperr.gateway.server;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of a feed, as they are sent, under numbers that only grow. Confined to the thread of the feed. A cursor is
 * the ring's own name and a number, so that one of another ring, such as that of the process before, is known to be another's.
 */
final class FeedRing {
    private final String name = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    private final byte[] @Nullable [] lines;
    private long next;

    FeedRing(int size) {
        this.lines = new byte[size][];
    }

    /** The number that the next change will have. */
    long next() {
        return next;
    }

    /** Where the newest change is behind one. */
    String cursor() {
        return cursor(next);
    }

    String cursor(long place) {
        return name + '-' + place;
    }

    void add(FeedLine line) {
        next++;
        lines[slot(next - 1)] = line.bytes(cursor(next));
    }

    /** Whether the changes from {@code place} on are still here. */
    boolean holds(long place) {
        return place <= next && next - place <= lines.length;
    }

    /** The line of the change {@code place}, which is here. */
    byte[] line(long place) {
        byte[] line = lines[slot(place)];
        if (line == null) {
            throw new IllegalStateException("place " + place + " (expected: one that is here)");
        }
        return line;
    }

    /** The place that {@code cursor} names, or -1 if it is no cursor of this ring or the changes since are gone. */
    long place(@Nullable String cursor) {
        if (cursor == null || !cursor.startsWith(name + '-')) {
            return -1;
        }
        try {
            long place = Long.parseLong(cursor.substring(name.length() + 1));
            return place >= 0 && holds(place) ? place : -1;
        } catch (NumberFormatException notACursor) {
            return -1;
        }
    }

    private int slot(long place) {
        return (int) (place % lines.length);
    }
}
