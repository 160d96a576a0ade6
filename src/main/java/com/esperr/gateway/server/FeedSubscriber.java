package com.esperr.gateway.server;

import java.io.ByteArrayOutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One listener of a feed: how far it has come, and one piece of at most 64 KiB on its way. Confined to the thread of the
 * feed.
 */
final class FeedSubscriber {
    private static final int PIECE = 64 * 1024;

    private final ReplyStream stream;
    private final BooleanSupplier welcome;
    private final FeedRing ring;
    private final long target;
    private byte @Nullable [] first;
    private @Nullable Iterator<FeedLine> snapshot;
    private long place;
    private boolean ready;
    private boolean sending;
    private boolean over;
    private int beatsSinceSent;

    private FeedSubscriber(
            ReplyStream stream,
            BooleanSupplier welcome,
            FeedRing ring,
            byte[] first,
            @Nullable Iterator<FeedLine> snapshot,
            long place) {
        this.stream = stream;
        this.welcome = welcome;
        this.ring = ring;
        this.first = first;
        this.snapshot = snapshot;
        this.place = place;
        this.target = ring.next();
    }

    /** One that is told everything. */
    static FeedSubscriber anew(
            ReplyStream stream, BooleanSupplier welcome, FeedRing ring, byte[] first, List<FeedLine> everything) {
        return new FeedSubscriber(stream, welcome, ring, first, everything.iterator(), ring.next());
    }

    /** One that has been here and is told the changes since. */
    static FeedSubscriber resumed(ReplyStream stream, BooleanSupplier welcome, FeedRing ring, byte[] first, long from) {
        return new FeedSubscriber(stream, welcome, ring, first, null, from);
    }

    boolean tells(ReplyStream other) {
        return stream == other;
    }

    /** Whether it may still listen. */
    boolean welcome() {
        return welcome.getAsBoolean();
    }

    /**
     * Sends the next piece unless one is under way.
     *
     * @param again what to do when that has left
     * @return whether it keeps up
     */
    boolean pump(Runnable again) {
        if (sending || over) {
            return over || ring.holds(place);
        }
        if (!ring.holds(place)) {
            return false;
        }
        byte[] piece = piece();
        if (piece.length > 0) {
            send(piece, again);
        }
        return true;
    }

    /**
     * Shows life if there is nothing else to send.
     *
     * @param most how many beats a piece may be under way
     * @return whether it keeps up
     */
    boolean beat(byte[] line, int most, Runnable again) {
        if (over) {
            return true;
        }
        if (sending) {
            beatsSinceSent++;
            return beatsSinceSent < most;
        }
        send(line, again);
        return true;
    }

    /** Ends the answer, so that the other side comes back when it likes. */
    void end() {
        if (!over) {
            over = true;
            stream.end();
        }
    }

    /** Cuts the connection. */
    void cut() {
        over = true;
        stream.cut();
    }

    private void send(byte[] piece, Runnable again) {
        sending = true;
        beatsSinceSent = 0;
        stream.send(piece, again);
    }

    /** The piece that was under way has left. */
    void arrived() {
        sending = false;
    }

    private byte[] piece() {
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        byte[] head = first;
        if (head != null) {
            piece.writeBytes(head);
            first = null;
        }
        Iterator<FeedLine> rest = snapshot;
        String begun = ring.cursor(target);
        while (rest != null && piece.size() < PIECE) {
            if (rest.hasNext()) {
                piece.writeBytes(rest.next().bytes(begun));
            } else {
                rest = null;
                snapshot = null;
            }
        }
        while (snapshot == null && place < ring.next() && piece.size() < PIECE) {
            ready(piece);
            piece.writeBytes(ring.line(place++));
        }
        ready(piece);
        return piece.toByteArray();
    }

    private void ready(ByteArrayOutputStream piece) {
        if (!ready && snapshot == null && place >= target) {
            ready = true;
            piece.writeBytes(FeedLine.ready(ring.cursor(place)));
        }
    }
}
