package com.esperr.gateway.proxy;

import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http1.ByteSink;
import com.esperr.gateway.http1.ChunkWriter;
import com.esperr.gateway.http1.HeadWriter;
import com.esperr.gateway.proxy.ResponseForwarding.Framing;
import com.esperr.gateway.proxy.ResponseForwarding.Persistence;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What goes to one client as HTTP/1; confined to the event loop of its connection. A head is gathered with what is small behind
 * it, so that both leave in one piece, and can be taken back until then. Takes every buffer it is given.
 */
final class Http1Output implements ResponseOutput, ByteSink {
    /** Room for a usual head and a small body behind it, so that both leave in one piece. */
    private static final int HEAD_AND_SMALL_BODY = 2048;

    /** Room for the lines of a reply that the connection adds, with its status line. */
    private static final int REPLY_BEGINNING = 256;

    private final Channel channel;
    private final ResponseForwarding forwarding;
    private @Nullable ByteBuf gathered;
    private Framing framing = Framing.AS_RECEIVED;

    Http1Output(Channel channel, ResponseForwarding forwarding) {
        this.channel = channel;
        this.forwarding = forwarding;
    }

    @Override
    public void writeContinue() {
        ByteBuf out = buffer(32);
        HeadWriter.statusLine(out, 100, "Continue");
        HeadWriter.end(out);
        write(out);
        flush();
    }

    @Override
    public void interim(ResponseHead head) {
        ByteBuf out = buffer(256);
        try {
            forwarding.writeInterim(out, head);
        } catch (RuntimeException | Error defect) {
            out.release();
            throw defect;
        }
        write(out);
        flush();
    }

    @Override
    public boolean head(ResponseHead head, RequestHead asked, boolean close) {
        boolean old = asked.version() == HttpVersion.HTTP_1_0;
        Framing chosen = Framing.AS_RECEIVED;
        if (head.bodyLength() < BodyLength.NONE) {
            chosen = old ? Framing.CLOSE : Framing.CHUNKED;
        }
        boolean last = close || chosen == Framing.CLOSE;
        Persistence persistence = last ? Persistence.CLOSE : old ? Persistence.KEEP_TOLD : Persistence.KEEP;
        ByteBuf out = buffer(HEAD_AND_SMALL_BODY);
        try {
            forwarding.write(out, head, chosen, persistence);
        } catch (RuntimeException | Error defect) {
            out.release();
            throw defect;
        }
        writeGathered();
        framing = chosen;
        gathered = out;
        return last;
    }

    @Override
    public void upgraded(ResponseHead head, String protocol) {
        ByteBuf out = buffer(512);
        try {
            forwarding.writeUpgrade(out, head, protocol);
        } catch (RuntimeException | Error defect) {
            out.release();
            throw defect;
        }
        framing = Framing.AS_RECEIVED;
        write(out);
        flush();
    }

    @Override
    public void data(ByteBuf data) {
        if (framing == Framing.CHUNKED) {
            ChunkWriter.write(this, data);
        } else {
            write(data);
        }
    }

    @Override
    public void end(MessageEnd end) {
        if (framing == Framing.CHUNKED) {
            ChunkWriter.writeEnd(this, end);
        }
    }

    @Override
    public int reply(LocalReply reply, @Nullable RequestHead asked, boolean close) {
        boolean toldToKeep = asked != null && asked.version() == HttpVersion.HTTP_1_0;
        boolean headOnly = asked != null && asked.method().equals("HEAD");
        ByteBuf out = buffer(REPLY_BEGINNING + reply.fields().length() + reply.body().length);
        int body = ReplyWriter.write(out, reply, forwarding.date(), close, toldToKeep, headOnly);
        write(out);
        flush();
        return body;
    }

    /** Sends response bytes as they are; takes {@code bytes}. They leave with the next {@link #flush}. */
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

    @Override
    public void flush() {
        writeGathered();
        channel.flush();
    }

    @Override
    public boolean takeBack() {
        ByteBuf head = gathered;
        gathered = null;
        return head != null && head.release();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    /** A number that falls while the client takes response bytes, above and below the water mark, and stays while it does not. */
    @Override
    public long unsentBytes() {
        return channel.bytesBeforeWritable() - channel.bytesBeforeUnwritable();
    }

    private ByteBuf buffer(int capacity) {
        return channel.alloc().ioBuffer(capacity);
    }

    private void writeGathered() {
        ByteBuf head = gathered;
        if (head != null) {
            gathered = null;
            channel.write(head, channel.voidPromise());
        }
    }
}
