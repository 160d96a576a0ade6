package com.esperr.gateway.http;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * The text of the {@code Date} field (IMF-fixdate, RFC 9110 5.6.7), written once a second and shared in between. Thread-safe: one
 * immutable snapshot behind one volatile reference; two threads may write the same second twice.
 */
public final class HttpDate {

    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private final LongSupplier epochMillis;

    private volatile Snapshot snapshot = new Snapshot(0);

    public HttpDate(LongSupplier epochMillis) {
        this.epochMillis = epochMillis;
    }

    /** The date of this second. */
    public String now() {
        return current().text;
    }

    /** The same as bytes, shared, not to be modified. */
    public byte[] bytes() {
        return current().bytes;
    }

    private Snapshot current() {
        long second = Math.floorDiv(epochMillis.getAsLong(), 1_000L);
        Snapshot current = snapshot;
        if (current.second != second) {
            current = new Snapshot(second);
            snapshot = current;
        }
        return current;
    }

    private static String format(long second) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(29)
                .append(DAYS[utc.getDayOfWeek().getValue() - 1])
                .append(", ");
        twoDigits(text, utc.getDayOfMonth()).append(' ');
        text.append(MONTHS[utc.getMonthValue() - 1])
                .append(' ')
                .append(utc.getYear())
                .append(' ');
        twoDigits(text, utc.getHour()).append(':');
        twoDigits(text, utc.getMinute()).append(':');
        return twoDigits(text, utc.getSecond()).append(" GMT").toString();
    }

    private static StringBuilder twoDigits(StringBuilder out, int value) {
        return out.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }

    private static final class Snapshot {
        final long second;
        final String text;
        final byte[] bytes;

        Snapshot(long second) {
            this.second = second;
            this.text = format(second);
            this.bytes = text.getBytes(StandardCharsets.US_ASCII);
        }
    }
}
