package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads what stands between the data of a chunked body (RFC 9112 section 7.1): size lines, whose extensions are checked
 * and dropped, and the CRLF behind the data. It stops and continues at any byte. Confined to the event loop of its channel.
 */
final class ChunkScanner {
    private static final int SIZE_DIGITS = 16;
    private static final long SIZE_LIMIT = 1L << 60;
    private static final int EXTENSION_BYTES = 256;
    private static final int MESSAGE_EXTENSION_BYTES = 16 * 1024;

    private enum State {
        SIZE,
        BEFORE_SEMICOLON,
        BEFORE_NAME,
        NAME,
        AFTER_NAME,
        BEFORE_VALUE,
        VALUE,
        QUOTED,
        ESCAPED,
        AFTER_QUOTED,
        SIZE_LINE_FEED,
        DATA,
        DATA_LINE_FEED
    }

    private State state = State.SIZE;
    private int digits;
    private long size;
    private int extension;
    private int extensions;
    private @Nullable BadMessage fault;

    /** Prepares for the first chunk of a message. */
    void begin() {
        extensions = 0;
        fault = null;
        nextChunk();
    }

    /** Reads up to the end of the next size line, from its beginning or from the end of the data before it. */
    Scan scan(ByteBuf in) {
        while (in.isReadable()) {
            byte b = in.readByte();
            if (state == State.SIZE_LINE_FEED) {
                if (b != Octets.LF) {
                    return bad("chunk size line: CR without LF");
                }
                state = State.DATA;
                return Scan.DONE;
            }
            if (state == State.SIZE ? !size(b) : !(framing(b) || extension(b))) {
                return fault == null
                        ? bad("chunk: bad byte in size line or behind data (expected: HEX, CRLF)")
                        : Scan.BAD;
            }
        }
        return Scan.MORE;
    }

    /** The size of the chunk whose data follows, after {@code DONE}; zero is the last one. */
    long size() {
        return size;
    }

    /** Why, after {@code BAD}. */
    BadMessage fault() {
        return fault == null ? new BadMessage(FailureReason.MALFORMED_BODY, "chunk: not read") : fault;
    }

    private void nextChunk() {
        state = State.SIZE;
        digits = 0;
        size = 0;
        extension = 0;
    }

    private boolean size(byte b) {
        int digit = Octets.hex(b);
        if (digit >= 0) {
            digits++;
            size = (size << 4) | digit;
            return digits <= SIZE_DIGITS && size >= 0 && size < SIZE_LIMIT;
        }
        return digits > 0 && afterSize(b);
    }

    /** The bytes around the data; false when {@code b} belongs to an extension. */
    private boolean framing(byte b) {
        if (state == State.DATA && b == Octets.CR) {
            state = State.DATA_LINE_FEED;
            return true;
        }
        if (state == State.DATA_LINE_FEED && b == Octets.LF) {
            nextChunk();
            return true;
        }
        return false;
    }

    private boolean extension(byte b) {
        return switch (state) {
            case BEFORE_SEMICOLON -> counted() && (Octets.blank(b) || on(b, ';', State.BEFORE_NAME));
            case BEFORE_NAME -> counted() && (Octets.blank(b) || onToken(b, State.NAME));
            case NAME -> onToken(b, State.NAME) ? counted() : afterName(b);
            case AFTER_NAME ->
                counted() && (Octets.blank(b) || on(b, ';', State.BEFORE_NAME) || on(b, '=', State.BEFORE_VALUE));
            case BEFORE_VALUE -> counted() && (Octets.blank(b) || on(b, '"', State.QUOTED) || onToken(b, State.VALUE));
            case VALUE -> onToken(b, State.VALUE) ? counted() : afterSize(b);
            case QUOTED ->
                counted() && (on(b, '"', State.AFTER_QUOTED) || on(b, '\\', State.ESCAPED) || Octets.text(b));
            case ESCAPED -> counted() && Octets.text(b) && to(State.QUOTED);
            case AFTER_QUOTED -> afterSize(b);
            case SIZE, SIZE_LINE_FEED, DATA, DATA_LINE_FEED -> false;
        };
    }

    private boolean afterName(byte b) {
        if (Octets.blank(b)) {
            return counted() && to(State.AFTER_NAME);
        }
        return on(b, '=', State.BEFORE_VALUE) ? counted() : afterSize(b);
    }

    /** Behind the size and behind a whole extension the same may follow. */
    private boolean afterSize(byte b) {
        if (b == Octets.CR) {
            return to(State.SIZE_LINE_FEED);
        }
        if (Octets.blank(b)) {
            return counted() && to(State.BEFORE_SEMICOLON);
        }
        return on(b, ';', State.BEFORE_NAME) && counted();
    }

    // Nobody reads extensions, so a peer that sends many of them only wants to keep us busy (CVE-2023-39326).
    private boolean counted() {
        extension++;
        extensions++;
        if (extension > EXTENSION_BYTES || extensions > MESSAGE_EXTENSION_BYTES) {
            bad("chunk extensions: too long (expected: at most 256 bytes a chunk, 16 KiB a message)");
            return false;
        }
        return true;
    }

    private boolean on(byte b, char expected, State next) {
        return b == expected && to(next);
    }

    private boolean onToken(byte b, State next) {
        return Octets.token(b) && to(next);
    }

    private boolean to(State next) {
        state = next;
        return true;
    }

    private Scan bad(String detail) {
        fault = new BadMessage(FailureReason.MALFORMED_BODY, detail);
        return Scan.BAD;
    }
}
