package com.esperr.gateway.proxy;

import com.esperr.gateway.http.HttpDate;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http1.ByteSink;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What goes to one client; confined to the event loop of its connection. A head is gathered with what is small behind it, so
 * that both leave in one piece, and can be taken back until then. Takes every buffer it is given.
 */
final class ClientOutput implements ByteSink {
    private final Channel channel;
    private final HttpDate date;
    private @Nullable ByteBuf gathered;

    ClientOutput(Channel channel, HttpDate date) {
        this.channel = channel;
        this.date = date;
    }

    /** A buffer of the connection's allocator; the caller owns it. */
    ByteBuf buffer(int capacity) {
        return channel.alloc().ioBuffer(capacity);
    }

    /** Sends the head of a response; takes {@code head}, behind which small pieces are copied while it has room. */
    void writeHead(ByteBuf head) {
        writeGathered();
        gathered = head;
    }

    /** Sends response bytes; takes {@code bytes}. They leave with the next {@link #flush}. */
    @Override
    public void write(ByteBuf bytes) {
        ByteBuf head = gathered;
        if (head != null && bytes.readableBytes() <= head.writableBytes()) {
            head.writeBytes(bytes);
            bytes.release();
            return;
        }
        writeGathered();
        channel.write(bytes, channel.voidPromise());
    }

    /** Pushes what was written to the network. */
    void flush() {
        writeGathered();
        channel.flush();
    }

    private void writeGathered() {
        ByteBuf head = gathered;
        if (head != null) {
            gathered = null;
            channel.write(head, channel.voidPromise());
        }
    }

    /** Takes a head back, with what was copied behind it; false if it is on its way already, or there was none. */
    boolean takeBack() {
        ByteBuf head = gathered;
        gathered = null;
        return head != null && head.release();
    }

    /** Whether more response bytes should be written now. */
    boolean writable() {
        return channel.isWritable();
    }

    /** A number that falls while the client takes response bytes, above and below the water mark, and stays while it does not. */
    long unsentBytes() {
        return channel.bytesBeforeWritable() - channel.bytesBeforeUnwritable();
    }

    /** Sends a reply of our own and returns the length of the body that was sent. */
    int writeReply(LocalReply reply, boolean close, boolean http10, boolean headOnly) {
        ByteBuf out = buffer(512 + reply.body().length);
        int body = ReplyWriter.write(out, reply, date, close, http10, headOnly);
        write(out);
        flush();
        return body;
    }
}
