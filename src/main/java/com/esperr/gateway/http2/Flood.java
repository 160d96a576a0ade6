package com.esperr.gateway.http2;

import java.util.Locale;

/**
 * What a client can send much of that costs it little and us more, and how much of it is usually put up with: so many at once, and so
 * many a second in the long run. Immutable.
 */
public enum Flood {
    /** Requests taken back as soon as they are made (CVE-2023-44487). */
    RAPID_RESET(200, 10),
    /** Frames that make us take requests back (CVE-2025-8671). */
    MADE_YOU_RESET(100, 5),
    /** Streams beyond those that may be open; many at once are told so before they can know. */
    REFUSED_STREAM(1000, 10),
    /** Pieces of a header block that is not ended (CVE-2024-27316); few bytes are told by their number, many by their size. */
    CONTINUATION(50, 10),
    /** Lists that are short as they are sent and long when they are read, or too long anyway. */
    HEADER_LIST(20, 1),
    /** Settings, each of which is acknowledged (CVE-2019-9515). */
    SETTINGS(50, 5),
    /** Pings, each of which is answered (CVE-2019-9512). */
    PING(1000, 100),
    /** Data that is none and ends nothing (CVE-2019-9518). */
    EMPTY_FRAMES(100, 10),
    /** Priorities, which nobody follows any more (CVE-2019-9513). */
    PRIORITY(500, 50),
    /** Room for responses that is given in crumbs (CVE-2019-9511); whoever is sent much may give much. */
    WINDOW_UPDATE(2000, 200),
    /** Frames of kinds that are not known. */
    UNKNOWN(200, 20);

    private final int burst;
    private final int perSecond;

    Flood(int burst, int perSecond) {
        this.burst = burst;
        this.perSecond = perSecond;
    }

    /** How many may come at once. */
    public int burst() {
        return burst;
    }

    /** How many a second may go on coming. */
    public int perSecond() {
        return perSecond;
    }

    /** The metric's label, e.g. {@code rapid_reset}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
