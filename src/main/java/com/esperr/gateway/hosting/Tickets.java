package com.esperr.gateway.hosting;

import com.esperr.gateway.challenge.Seals;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes tickets and knows them again. Thread-safe; nothing is remembered, so any number can be out at once. A ticket is its id, which a
 * browser's work begins with, a dot, and the rest, sealed for the site and the id.
 */
final class Tickets {
    private static final int ID_BYTES = 16;
    private static final int ID_DIGITS = 2 * ID_BYTES;
    private static final int LENGTH = Long.BYTES + 4;
    // A replica whose clock is ahead of ours by more than this is not one.
    private static final long SKEW_MILLIS = 60_000;

    private final SecureRandom random = new SecureRandom();
    private final Seals seals;
    private final Duration time;
    private final LongSupplier epochMillis;

    Tickets(Seals seals, Duration time, LongSupplier epochMillis) {
        this.seals = seals;
        this.time = time;
        this.epochMillis = epochMillis;
    }

    /** What came of looking at one: a ticket, or why there is none. */
    record Found(@Nullable Ticket ticket, @Nullable RejectReason trouble) {}

    Ticket make(int bits, int least, int methods, int level) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return new Ticket(HexFormat.of().formatHex(id), epochMillis.getAsLong(), bits, least, methods, level);
    }

    /** {@code ticket} as text, good for {@code site} only. */
    String text(Ticket ticket, String site) {
        byte[] rest = ByteBuffer.allocate(LENGTH)
                .putLong(ticket.issuedAtMillis())
                .put((byte) ticket.bits())
                .put((byte) ticket.least())
                .put((byte) ticket.methods())
                .put((byte) ticket.level())
                .array();
        return ticket.id() + '.' + seals.seal(rest, site, ticket.id());
    }

    /** The ticket that {@code text} is; it may be over, but is one of ours for {@code site}. */
    Found find(@Nullable String text, String site) {
        if (text == null || text.length() <= ID_DIGITS || text.charAt(ID_DIGITS) != '.') {
            return new Found(null, RejectReason.UNKNOWN);
        }
        String id = text.substring(0, ID_DIGITS);
        byte[] rest = seals.open(text.substring(ID_DIGITS + 1), site, id);
        if (rest == null || rest.length != LENGTH) {
            return new Found(null, RejectReason.UNKNOWN);
        }
        ByteBuffer in = ByteBuffer.wrap(rest);
        Ticket ticket = new Ticket(id, in.getLong(), in.get(), in.get(), in.get(), in.get());
        long age = epochMillis.getAsLong() - ticket.issuedAtMillis();
        boolean over = age > time.toMillis() || age < -SKEW_MILLIS;
        return over ? new Found(ticket, RejectReason.EXPIRED) : new Found(ticket, null);
    }
}
