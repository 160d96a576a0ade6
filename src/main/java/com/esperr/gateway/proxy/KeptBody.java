package com.esperr.gateway.proxy;

import com.esperr.gateway.challenge.KeptRequests;
import com.esperr.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The body of a request that is kept until its visitor has passed a challenge; confined to the event loop of its exchange.
 * Copies the pieces and frees them at once. Holds no more than fits into its room.
 */
final class KeptBody {
    private final KeptRequests.Room room;
    private final LocalReply reply;
    private final LocalReply tooLarge;
    private byte[] bytes = new byte[1024];
    private int length;

    /**
     * Nothing has come yet.
     *
     * @param reply what the visitor is answered when it has
     * @param tooLarge what instead if it does not fit
     */
    KeptBody(KeptRequests.Room room, LocalReply reply, LocalReply tooLarge) {
        this.room = room;
        this.reply = reply;
        this.tooLarge = tooLarge;
    }

    /** Takes a piece; false if that is too much. */
    boolean takes(ByteBuf piece) {
        int more = piece.readableBytes();
        try {
            if (more > room.most() - length) {
                return false;
            }
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(room.most(), Math.max(length + more, bytes.length * 2)));
            }
            piece.readBytes(bytes, length, more);
            length += more;
            return true;
        } finally {
            piece.release();
        }
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    LocalReply reply() {
        return reply;
    }

    LocalReply tooLarge() {
        return tooLarge;
    }

    /** Lets go of the room and of what is in it. */
    void close() {
        room.close();
        bytes = new byte[0];
        length = 0;
    }
}
