package com.esperr.gateway.proxy;

import com.esperr.gateway.http.MessageEnd;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * A small message that has to be here as a whole before it can be understood; confined to the event loop of its exchange. Owns its
 * pieces until it is dropped; holds little more than it may be long.
 */
final class Gathering implements Held {
    private final ClientStream client;
    private final int most;
    private final long until;
    private final Runnable ready;
    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(2);
    private int length;
    private boolean over;
    private boolean ended;
    private boolean late;

    /**
     * Holds nothing yet.
     *
     * @param most how many bytes it may be long
     * @param until when it is waited for no longer
     * @param ready run once, when it is here, too long, or too late
     */
    Gathering(ClientStream client, int most, long until, Runnable ready) {
        this.client = client;
        this.most = most;
        this.until = until;
        this.ready = ready;
    }

    /** It did not come in time. */
    boolean late() {
        return late;
    }

    /** It is longer than it may be. */
    boolean tooLong() {
        return length > most;
    }

    /** The message. */
    byte[] bytes() {
        byte[] whole = new byte[length];
        int at = 0;
        for (ByteBuf piece : pieces) {
            int count = piece.readableBytes();
            piece.getBytes(piece.readerIndex(), whole, at, count);
            at += count;
        }
        return whole;
    }

    @Override
    public void begin() {
        client.resumeRequest();
    }

    @Override
    public boolean continued() {
        return false;
    }

    @Override
    public boolean takes(ByteBuf piece) {
        if (over) {
            piece.release();
            return true;
        }
        pieces.add(piece);
        length += piece.readableBytes();
        if (tooLong()) {
            done();
        }
        return true;
    }

    @Override
    public boolean takes(MessageEnd end) {
        ended = true;
        done();
        return false;
    }

    @Override
    public boolean whole() {
        return ended;
    }

    @Override
    public void sweep(long now) {
        if (!over && now - until > 0) {
            late = true;
            done();
        }
    }

    @Override
    public void replay(Consumer<ByteBuf> data, Consumer<MessageEnd> end) {
        throw new IllegalStateException("message: to be sent on (expected: only to be read)");
    }

    @Override
    public boolean drop() {
        over = true;
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        return ended;
    }

    private void done() {
        if (!over) {
            over = true;
            ready.run();
        }
    }
}
