package com.esperr.gateway.testkit;

import java.util.EnumSet;
import java.util.Set;

/**
 * Every way in which the Esper test server can fail a caller. Each constant names the classes a careful caller may file it under;
 * nothing here may ever be taken for a decision, except where {@link Kind#HARMLESS} is listed.
 */
public enum Fault {
    /** Nobody listens. */
    REFUSED(Kind.CONNECT),
    /** The request is read, then the connection closed. */
    CLOSE_BEFORE_REPLY(Kind.CONNECT),
    /** The reply is cut with RST after {@code at} bytes. */
    RESET_AT(Kind.CONNECT),
    /** The head and half of the body arrive, then FIN. */
    HALF_BODY(Kind.MALFORMED, Kind.CONNECT),

    /** The request is read and never answered. */
    SILENT(Kind.TIMEOUT),
    /** The reply stops after {@code at} bytes and the connection stays open. */
    STALL_AT(Kind.TIMEOUT),
    /** The reply comes when {@link TestEsper#release} is called. */
    SLOW(Kind.TIMEOUT),
    /** A whole JSON in one chunk, and no last chunk. */
    CHUNKED_WITHOUT_END(Kind.TIMEOUT),
    /** Interim responses without an end. */
    INTERIM_STORM(Kind.TIMEOUT, Kind.MALFORMED),

    STATUS_500(Kind.SERVER_ERROR),
    STATUS_502(Kind.SERVER_ERROR),
    STATUS_503(Kind.SERVER_ERROR),
    STATUS_503_RETRY_AFTER(Kind.SERVER_ERROR),
    STATUS_504(Kind.SERVER_ERROR),
    STATUS_401(Kind.UNAUTHORIZED),
    STATUS_403(Kind.UNAUTHORIZED),
    STATUS_429(Kind.RATE_LIMITED),
    STATUS_429_RETRY_AFTER(Kind.RATE_LIMITED),
    STATUS_404(Kind.MALFORMED, Kind.SERVER_ERROR),
    /** A redirect that must not be followed; {@link TestEsper#redirectsFollowed} counts who does. */
    REDIRECT(Kind.MALFORMED),

    /** Bytes that are not HTTP. */
    NOT_HTTP(Kind.MALFORMED),
    /** Both lengths in one head. */
    BOTH_LENGTHS(Kind.MALFORMED),
    /** A header section of a megabyte. */
    HUGE_HEAD(Kind.MALFORMED),
    EMPTY_BODY(Kind.MALFORMED),
    /** 200 and text that is not JSON. */
    GARBAGE(Kind.MALFORMED),
    /** 200 and a login page, as a captive portal sends it. */
    CAPTIVE_PORTAL(Kind.MALFORMED),
    /** The length fits, the JSON ends in its middle. */
    TRUNCATED_JSON(Kind.MALFORMED),
    /** A good JSON with a second one behind it. */
    TRAILING_JSON(Kind.MALFORMED),
    UNKNOWN_ACTION(Kind.MALFORMED),
    /** The action is a number. */
    WRONG_TYPES(Kind.MALFORMED),
    /** An array in place of the object. */
    ARRAY(Kind.MALFORMED),
    /** A valid answer of more than a megabyte. */
    HUGE_JSON(Kind.MALFORMED),
    /** A valid answer with a hundred thousand nested arrays beside it. */
    DEEP_JSON(Kind.MALFORMED),
    /** Plain JSON under {@code Content-Encoding: gzip}, which nobody asked for. */
    GZIP_LABELLED(Kind.MALFORMED),

    CHALLENGE_WITHOUT_URL(Kind.CHALLENGE_UNUSABLE),
    CHALLENGE_FOREIGN_HOST(Kind.CHALLENGE_UNUSABLE),
    CHALLENGE_BAD_SCHEME(Kind.CHALLENGE_UNUSABLE),

    /** A good answer with a second, contrary response glued behind it, which belongs to nobody. */
    EXTRA_RESPONSE(Kind.HARMLESS);

    /** What a caller may call such a failure. */
    public enum Kind {
        CONNECT,
        TIMEOUT,
        SERVER_ERROR,
        UNAUTHORIZED,
        RATE_LIMITED,
        MALFORMED,
        CHALLENGE_UNUSABLE,
        HARMLESS
    }

    private final Set<Kind> kinds;

    Fault(Kind first, Kind... others) {
        kinds = EnumSet.of(first, others);
    }

    /** The classes a caller may file this under. */
    public Set<Kind> kinds() {
        return EnumSet.copyOf(kinds);
    }

    /** Whether only the caller's own deadline ends it. */
    public boolean isSlow() {
        return kinds.contains(Kind.TIMEOUT);
    }
}
