package com.esperr.gateway.proxy;

import com.esperr.gateway.compression.Compression;
import com.esperr.gateway.compression.Encoder;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The output of one exchange, whose origin's body is compressed if the client asks for it and the response may be; confined to the event
 * loop of the client's connection. Each piece is encoded as it comes and given on, and {@link #flush} holds nothing back, so that events
 * and long polling arrive when they are sent. Takes every buffer it is given.
 */
final class CompressedOutput implements ResponseOutput {
    private final ResponseOutput to;
    private final Compression compression;
    private ByteBufAllocator alloc = ByteBufAllocator.DEFAULT;
    private @Nullable Encoder encoder;
    private boolean held;
    private long read;
    private long written;

    CompressedOutput(ResponseOutput to, Compression compression) {
        this.to = to;
        this.compression = compression;
    }

    @Override
    public boolean head(ResponseHead head, RequestHead asked, boolean close) {
        Compression.Shape shape = compression.shape(head, asked);
        encoder = shape.encoder();
        return to.head(shape.head(), asked, close);
    }

    @Override
    public void data(ByteBuf data) {
        Encoder through = encoder;
        if (through == null) {
            to.data(data);
            return;
        }
        alloc = data.alloc();
        read += data.readableBytes();
        try {
            held = true;
            bring(out -> through.encode(data, out), data.readableBytes() / 2);
        } finally {
            data.release();
        }
    }

    @Override
    public void flush() {
        Encoder through = encoder;
        if (through != null && held) {
            held = false;
            bring(through::flush, 0);
        }
        to.flush();
    }

    @Override
    public void end(MessageEnd end) {
        Encoder through = encoder;
        if (through != null) {
            bring(through::finish, 0);
            letGo();
        }
        to.end(end);
    }

    @Override
    public void letGo() {
        Encoder through = encoder;
        if (through != null) {
            encoder = null;
            compression.done(through, read, written);
        }
    }

    private interface Step {
        void into(ByteBuf out);
    }

    private void bring(Step step, int expected) {
        ByteBuf out = alloc.ioBuffer(expected + 256);
        try {
            step.into(out);
        } catch (RuntimeException | Error defect) {
            out.release();
            throw defect;
        }
        if (out.isReadable()) {
            written += out.readableBytes();
            to.data(out);
        } else {
            out.release();
        }
    }

    @Override
    public void writeContinue() {
        to.writeContinue();
    }

    @Override
    public void interim(ResponseHead head) {
        to.interim(head);
    }

    @Override
    public void upgraded(ResponseHead head, String protocol) {
        to.upgraded(head, protocol);
    }

    @Override
    public int reply(LocalReply reply, @Nullable RequestHead asked, boolean close) {
        return to.reply(reply, asked, close);
    }

    @Override
    public boolean takeBack() {
        return to.takeBack();
    }

    @Override
    public boolean writable() {
        return to.writable();
    }

    @Override
    public long unsentBytes() {
        return to.unsentBytes();
    }
}
