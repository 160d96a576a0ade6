package com.esperr.gateway.proxy;

import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http3.FieldSections;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What goes to one client on one stream of QUIC; confined to the event loop of its connection. A head is kept back until more is
 * known, so that it can be taken back. Takes every buffer it is given, and drops it when the stream is gone.
 */
final class Http3Output implements ResponseOutput {
    /** What waits here, besides what QUIC has taken and not sent. */
    private static final long MOST_WAITING = 128 << 10;

    /** Small, so that it shows whether a slow client takes anything. */
    private static final int PIECE = 16 << 10;

    private final QuicStreamChannel channel;
    private final Http2Heads heads;
    private final Consumer<Throwable> failed;
    private final Runnable writableAgain;
    private final Pace pace;
    private final Stall untaken = new Stall();
    private @Nullable Http2Headers head;
    private long written;
    private long taken;
    private boolean full;
    private boolean ended;
    private boolean finished;
    private boolean gone;

    /**
     * For {@code channel}.
     *
     * @param minRate bytes a second that the client is to take
     * @param failed told when something cannot be written
     * @param writableAgain told when there is room, after there was none
     */
    Http3Output(
            QuicStreamChannel channel,
            Http2Heads heads,
            long minRate,
            Consumer<Throwable> failed,
            Runnable writableAgain) {
        this.pace = new Pace(minRate);
        this.channel = channel;
        this.heads = heads;
        this.failed = failed;
        this.writableAgain = writableAgain;
    }

    @Override
    public void writeContinue() {
        writeHead(Http2Heads.CONTINUE);
    }

    @Override
    public void interim(ResponseHead interim) {
        writeHead(heads.interim(interim));
    }

    @Override
    public boolean head(ResponseHead response, RequestHead asked, boolean close) {
        head = heads.response(response);
        return close;
    }

    @Override
    public void upgraded(ResponseHead response, String protocol) {
        throw new IllegalStateException("protocol: " + protocol + " (expected: none, as none is asked for)");
    }

    @Override
    public void data(ByteBuf data) {
        if (gone || !data.isReadable()) {
            data.release();
            return;
        }
        writeKept();
        // Always a slice: what Netty puts before a frame's content takes that from its index 0, wherever its reader is.
        while (data.isReadable()) {
            writeData(data.readRetainedSlice(Math.min(PIECE, data.readableBytes())));
        }
        data.release();
    }

    @Override
    public void end(MessageEnd end) {
        ended = true;
        if (gone) {
            return;
        }
        writeKept();
        if (end.trailers().size() > 0) {
            writeHead(Http2Heads.trailers(end.trailers()));
        }
        finish();
    }

    @Override
    public int reply(LocalReply reply, @Nullable RequestHead asked, boolean close) {
        boolean bodyless =
                reply.body().length == 0 || (asked != null && asked.method().equals("HEAD"));
        ended = true;
        if (!gone) {
            writeHead(heads.reply(reply));
            if (!bodyless) {
                writeData(Unpooled.wrappedBuffer(reply.body()));
            }
            finish();
        }
        return bodyless ? 0 : reply.body().length;
    }

    private void finish() {
        // Not by shutdownOutput(), which overtakes what waits, and so cuts it off.
        channel.pipeline().firstContext().write(QuicStreamFrame.EMPTY_FIN).addListener(sent -> finished = true);
    }

    @Override
    public void flush() {
        if (!gone) {
            writeKept();
        }
    }

    @Override
    public boolean takeBack() {
        boolean kept = head != null;
        head = null;
        return kept;
    }

    @Override
    public boolean writable() {
        boolean room = gone || (channel.isWritable() && written - taken < MOST_WAITING);
        full |= !room;
        return room;
    }

    /** There may be room again. */
    void look() {
        if (full && writable()) {
            full = false;
            writableAgain.run();
        }
    }

    @Override
    public long unsentBytes() {
        // The last of what is written may have been taken in part.
        return 31 * taken + channel.bytesBeforeUnwritable();
    }

    /** How much QUIC has taken, which it does as the client does. */
    long taken() {
        return taken;
    }

    /** Whether the client takes less than it is to. */
    boolean tooSlow(long now) {
        if (written > taken) {
            return pace.tooSlow(taken, now);
        }
        pace.pause();
        return false;
    }

    /** Whether it has taken nothing of what waits for {@code patience} nanoseconds. */
    boolean stuck(long patience, long now) {
        return written > taken && untaken.longerThan(patience, unsentBytes(), now);
    }

    /** Whether everything that belongs to the response was written. */
    boolean ended() {
        return ended;
    }

    /** Whether QUIC has taken all of it. */
    boolean finished() {
        return finished;
    }

    /** The stream is closed: nobody reads what would still come. */
    void gone() {
        gone = true;
        head = null;
    }

    private void writeKept() {
        Http2Headers first = head;
        if (first != null) {
            head = null;
            writeHead(first);
        }
    }

    private void writeHead(Http2Headers fields) {
        if (!gone) {
            watch(channel.write(new DefaultHttp3HeadersFrame(FieldSections.of(fields))), 0);
        }
    }

    private void writeData(ByteBuf data) {
        int length = data.readableBytes();
        written += length;
        watch(channel.write(new DefaultHttp3DataFrame(data)), length);
    }

    private void watch(ChannelFuture write, int length) {
        write.addListener(sent -> {
            taken += length;
            if (sent.isSuccess()) {
                look();
            } else {
                failed.accept(sent.cause());
            }
        });
    }
}
