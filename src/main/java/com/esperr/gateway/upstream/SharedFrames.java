package com.esperr.gateway.upstream;

import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.http2.HeaderList;
import com.esperr.gateway.http2.ResponseHeads;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the frames of one HTTP/2 connection to an origin to the streams they belong to; confined to its event loop. Data stays the
 * decoder's.
 */
final class SharedFrames extends Http2FrameAdapter {
    private final SharedConnection connection;
    private final ResponseHeads heads;
    private final Http2Connection.PropertyKey key;
    /** Those that were told something since {@link #readComplete}; a stream may stand here twice. */
    private final List<UpstreamStream> touched = new ArrayList<>();

    SharedFrames(SharedConnection connection, DecoderLimits limits) {
        this.connection = connection;
        this.heads = new ResponseHeads(limits);
        this.key = connection.connection().newKey();
    }

    /** {@code stream} is {@code owner}'s. */
    void own(Http2Stream stream, UpstreamStream owner) {
        stream.setProperty(key, owner);
    }

    private @Nullable UpstreamStream of(@Nullable Http2Stream stream) {
        return stream != null && stream.getProperty(key) instanceof UpstreamStream owner ? owner : null;
    }

    private @Nullable UpstreamStream of(int id) {
        return of(connection.connection().stream(id));
    }

    // --- frames

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        connection.settled();
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers fields,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean last)
            throws Http2Exception {
        onHeadersRead(ctx, id, fields, padding, last);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers fields, int padding, boolean last)
            throws Http2Exception {
        UpstreamStream stream = of(id);
        if (stream == null || !(fields instanceof HeaderList list)) {
            throw Http2Exception.connectionError(
                    Http2Error.PROTOCOL_ERROR, "HEADERS on stream %d, which is not ours", id);
        }
        touched.add(stream);
        guarded(stream, known -> known.headers(heads, list, last));
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean last) {
        int flow = data.readableBytes() + padding;
        UpstreamStream stream = of(id);
        if (stream == null) {
            return flow;
        }
        touched.add(stream);
        guarded(stream, known -> known.data(data, last));
        return stream.owes(flow);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long error) {
        guarded(of(id), stream -> stream.resetByOrigin(error));
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        connection.life().answered();
    }

    /** Netty found something wrong with a stream. */
    void wrong(int id, String detail) {
        guarded(of(id), stream -> stream.malformed(detail));
    }

    // --- streams

    /** What becomes of streams, and of all of them. */
    Http2Connection.Listener endings() {
        return new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream closed) {
                Http2Connection all = connection.connection();
                boolean unprocessed =
                        all.goAwayReceived() && closed.id() > all.local().lastStreamKnownByPeer();
                guarded(of(closed), stream -> stream.closed(unprocessed));
                connection.roomMade();
            }

            @Override
            public void onGoAwayReceived(int last, long error, ByteBuf why) {
                connection.refuses(true);
            }
        };
    }

    /** There is room for more on a stream, or no longer. */
    void writabilityChanged(Http2Stream changed) {
        guarded(of(changed), UpstreamStream::writabilityChanged);
    }

    /** What was read in one go has been delivered. */
    void readComplete() {
        for (int i = 0; i < touched.size(); i++) {
            guarded(touched.get(i), UpstreamStream::readComplete);
        }
        touched.clear();
    }

    /** A defect that shows at one exchange must not cost the others their connection. */
    private static void guarded(@Nullable UpstreamStream stream, Consumer<UpstreamStream> step) {
        if (stream != null) {
            try {
                step.accept(stream);
            } catch (RuntimeException | Error defect) {
                stream.defect(defect);
            }
        }
    }
}
