package com.esperr.gateway.proxy;

import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * What goes to one client on one stream; confined to the event loop of its connection. A head and a piece of the body are kept back
 * until more is known, so that the last frame of a response can say that it is the last. Takes every buffer it is given, and drops it
 * when the stream is gone.
 */
final class MultiplexedOutput implements ResponseOutput {
    private final FrameOutlet outlet;
    private final int stream;
    private @Nullable Http2Headers head;
    private @Nullable ByteBuf piece;
    private long given;
    private boolean ended;
    private boolean gone;

    MultiplexedOutput(FrameOutlet outlet, int stream) {
        this.outlet = outlet;
        this.stream = stream;
    }

    @Override
    public void writeContinue() {
        if (!gone) {
            outlet.writeHead(stream, Http2Heads.CONTINUE, false);
            outlet.flushSoon();
        }
    }

    @Override
    public void interim(ResponseHead interim) {
        if (!gone) {
            outlet.writeHead(stream, outlet.heads().interim(interim), false);
            outlet.flushSoon();
        }
    }

    @Override
    public boolean head(ResponseHead response, RequestHead asked, boolean close) {
        head = outlet.heads().response(response);
        return close;
    }

    @Override
    public void upgraded(ResponseHead response, String protocol) {
        if (!gone) {
            outlet.writeHead(stream, outlet.heads().upgraded(response), false);
            outlet.flushSoon();
        }
    }

    @Override
    public void data(ByteBuf data) {
        if (gone || !data.isReadable()) {
            data.release();
            return;
        }
        writeKept();
        piece = data;
    }

    @Override
    public void end(MessageEnd end) {
        ended = true;
        if (gone) {
            return;
        }
        if (end.trailers().size() > 0) {
            writeKept();
            outlet.writeHead(stream, Http2Heads.trailers(end.trailers()), true);
            return;
        }
        Http2Headers first = head;
        ByteBuf last = piece;
        head = null;
        piece = null;
        if (first != null) {
            outlet.writeHead(stream, first, last == null);
        }
        if (last != null) {
            outlet.writeData(stream, last, true);
        } else if (first == null) {
            outlet.writeData(stream, Unpooled.EMPTY_BUFFER, true);
        }
    }

    @Override
    public int reply(LocalReply reply, @Nullable RequestHead asked, boolean close) {
        boolean bodyless =
                reply.body().length == 0 || (asked != null && asked.method().equals("HEAD"));
        boolean trailed = reply.trailers().size() > 0;
        ended = true;
        if (!gone) {
            outlet.writeHead(stream, outlet.heads().reply(reply), bodyless && !trailed);
            if (!bodyless) {
                outlet.writeData(stream, Unpooled.wrappedBuffer(reply.body()), !trailed);
            }
            if (trailed) {
                outlet.writeHead(stream, Http2Heads.trailers(reply.trailers()), true);
            }
            outlet.flushSoon();
        }
        return bodyless ? 0 : reply.body().length;
    }

    @Override
    public void flush() {
        if (!gone) {
            writeKept();
            if (outlet.writable(stream)) {
                outlet.flushSoon();
            } else {
                // Only what leaves makes room, and who asks wants to know whether there is.
                outlet.flushNow();
            }
        }
    }

    @Override
    public boolean takeBack() {
        boolean kept = head != null;
        if (kept) {
            head = null;
            drop();
        }
        return kept;
    }

    @Override
    public boolean writable() {
        return gone || outlet.writable(stream);
    }

    @Override
    public long unsentBytes() {
        // The window alone does not tell: whoever takes less than there is finds it used up at every look.
        return outlet.untaken(stream) + 31 * given;
    }

    /** The client has made room for so much more. */
    void roomGiven(int bytes) {
        given += bytes;
    }

    /** How much it has made room for. */
    long given() {
        return given;
    }

    /** Whether everything that belongs to the response was written. */
    boolean ended() {
        return ended;
    }

    /** The stream is closed: nobody reads what would still come. */
    void gone() {
        gone = true;
        head = null;
        drop();
    }

    private void writeKept() {
        Http2Headers first = head;
        if (first != null) {
            head = null;
            outlet.writeHead(stream, first, false);
        }
        ByteBuf next = piece;
        if (next != null) {
            piece = null;
            outlet.writeData(stream, next, false);
        }
    }

    private void drop() {
        ByteBuf kept = piece;
        if (kept != null) {
            piece = null;
            kept.release();
        }
    }
}
