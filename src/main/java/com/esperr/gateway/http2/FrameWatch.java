package com.esperr.gateway.http2;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the frames of a connection before they are decoded, at their heads and the length of padding only: counts what floods
 * are made of, pieces of header blocks among them, which no decoder tells about, knows whether a frame or a block is begun and
 * not ended, and says how much of it is enough for one turn of the event loop. Confined to the event loop of its connection; the bytes stay the caller's.
 */
public final class FrameWatch {
    /** Length of what a client says first (RFC 9113 section 3.4). */
    private static final int PREFACE = 24;

    private static final int HEAD = 9;
    private static final int DATA = 0x0;
    private static final int HEADERS = 0x1;
    private static final int CONTINUATION = 0x9;
    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;

    /** A response earns its reader one crumb of room for so many bytes. */
    private static final int BYTES_PER_CRUMB = 1024;

    private static final int PRIORITIES_PER_STREAM = 4;

    /** Who fills one frame with fields may need more of them. */
    private static final int LONG_BLOCK = 8192;

    private static final int CONTINUATIONS_PER_LONG_BLOCK = 4;

    private final FloodBudget budget;
    private final Turns turns = new Turns();
    private int preface = PREFACE;
    private int headBytes;
    private int length;
    private int type;
    private int flags;
    private int rest;
    private boolean padded;
    private boolean insideBlock;
    private long heads;
    private long seen;

    /** A watch that takes what it counts from {@code budget}. */
    public FrameWatch(FloodBudget budget) {
        this.budget = budget;
    }

    /** Looks at {@code bytes}, which are the next to be decoded; what they are too much of, or null. */
    public @Nullable Flood look(ByteBuf bytes, long now) {
        seen += bytes.readableBytes();
        turns.begin();
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        int skipped = Math.min(preface, end - at);
        preface -= skipped;
        at += skipped;
        while (at < end) {
            if (rest > 0) {
                if (padded && isAllPadding(bytes.getUnsignedByte(at)) && !budget.spend(Flood.EMPTY_FRAMES, now)) {
                    return Flood.EMPTY_FRAMES;
                }
                padded = false;
                int payload = Math.min(rest, end - at);
                rest -= payload;
                at += payload;
            } else {
                head(bytes.getByte(at) & 0xFF);
                at++;
                if (headBytes == HEAD) {
                    boolean block = type == HEADERS || type == CONTINUATION;
                    turns.frame(type == HEADERS, block, length, at - bytes.readerIndex());
                    Flood flood = frame(now);
                    if (flood != null) {
                        return flood;
                    }
                }
            }
        }
        return null;
    }

    /** Whether nothing is left of a frame behind its first byte, which says how much of it is padding. */
    private boolean isAllPadding(int padding) {
        return 1 + padding >= length;
    }

    private void head(int octet) {
        switch (headBytes) {
            case 0 -> length = octet;
            case 1, 2 -> length = length << 8 | octet;
            case 3 -> type = octet;
            case 4 -> flags = octet;
            default -> {}
        }
        headBytes++;
    }

    private @Nullable Flood frame(long now) {
        headBytes = 0;
        rest = length;
        padded = type == DATA && (flags & (PADDED | END_STREAM)) == PADDED;
        Flood kind = kind();
        return kind == null || budget.spend(kind, now) ? null : kind;
    }

    private @Nullable Flood kind() {
        return switch (type) {
            case DATA -> length == 0 && (flags & END_STREAM) == 0 ? Flood.EMPTY_FRAMES : null;
            case HEADERS -> {
                heads++;
                insideBlock = (flags & END_HEADERS) == 0;
                budget.earn(Flood.PRIORITY, PRIORITIES_PER_STREAM);
                if (length >= LONG_BLOCK) {
                    budget.earn(Flood.CONTINUATION, CONTINUATIONS_PER_LONG_BLOCK);
                }
                yield null;
            }
            case 0x2 -> Flood.PRIORITY;
            case 0x3 -> Flood.RAPID_RESET;
            case 0x4 -> Flood.SETTINGS;
            case 0x6 -> Flood.PING;
            case 0x8 -> Flood.WINDOW_UPDATE;
            case CONTINUATION -> {
                insideBlock = (flags & END_HEADERS) == 0;
                yield Flood.CONTINUATION;
            }
            // One push promise, or a farewell, ends the connection or begins its end.
            case 0x5, 0x7 -> null;
            default -> Flood.UNKNOWN;
        };
    }

    /** Into how many more pieces than one the bytes that were looked at last are cut, each of them enough for one turn. */
    public int cuts() {
        return turns.count();
    }

    /** How many of those bytes are before cut {@code i}. */
    public int cut(int i) {
        return turns.cut(i);
    }

    /** What comes now is for another turn than what came before. */
    public void nextTurn() {
        turns.next();
    }

    /** So many bytes of responses are on their way. */
    public void sent(int bytes) {
        budget.earn(Flood.WINDOW_UPDATE, 2 + bytes / BYTES_PER_CRUMB);
    }

    /** Whether the preface or a header block is begun, or still to come, and not ended. */
    public boolean insideHead() {
        return preface > 0 || insideBlock || (rest > 0 && (type == HEADERS || type == CONTINUATION));
    }

    /** How many header blocks have begun. */
    public long heads() {
        return heads;
    }

    /** Whether a frame is begun and not ended. */
    public boolean insideFrame() {
        return headBytes > 0 || rest > 0;
    }

    /** Bytes that have come. */
    public long bytes() {
        return seen;
    }
}
