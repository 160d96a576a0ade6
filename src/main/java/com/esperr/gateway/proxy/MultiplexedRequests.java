package com.esperr.gateway.proxy;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.http2.HeaderList;
import com.esperr.gateway.http2.RequestHeads;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the frames of one HTTP/2 connection to the streams they belong to, and begins those; confined to its event loop. Data stays
 * the decoder's.
 */
final class MultiplexedRequests extends Http2FrameAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(MultiplexedRequests.class);

    private final MultiplexedConnection connection;
    private final FrontendConnection front;
    private final LiveServices live;
    private final MultiplexedCounts counts;
    private final RequestHeads heads;
    private final Http2Connection.PropertyKey key;
    /** Those that were sent something since {@link #readComplete}; a stream may stand here twice. */
    private final List<MultiplexedStream> touched = new ArrayList<>();

    /** Those whose head has come since then. */
    private final List<MultiplexedStream> fresh = new ArrayList<>();

    private int begun;

    MultiplexedRequests(
            MultiplexedConnection connection, FrontendConnection front, LiveServices live, MultiplexedCounts counts) {
        this.connection = connection;
        this.front = front;
        this.live = live;
        ExchangeServices services = live.now();
        this.counts = counts;
        this.heads = new RequestHeads(
                services.limits().decoder(), services.upgrades().webSockets());
        this.key = connection.connection().newKey();
    }

    // --- frames

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers fields,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean last) {
        onHeadersRead(ctx, id, fields, padding, last);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers fields, int padding, boolean last) {
        Http2Stream frames = connection.connection().stream(id);
        if (frames == null || !(fields instanceof HeaderList list)) {
            return;
        }
        connection.owes();
        MultiplexedStream known = of(frames);
        MultiplexedStream stream = known == null ? begin(frames) : known;
        try {
            if (known == null) {
                head(stream, list, last);
            } else {
                end(stream, list);
            }
        } catch (RuntimeException | Error defect) {
            stream.failInternally(defect);
        }
    }

    private MultiplexedStream begin(Http2Stream frames) {
        MultiplexedStream stream = new MultiplexedStream(connection.outlet(), front, frames.id(), live.now());
        frames.setProperty(key, stream);
        begun++;
        counts.begun();
        return stream;
    }

    private void head(MultiplexedStream stream, HeaderList list, boolean last) {
        RequestHead head = heads.head(list, last);
        if (head == null) {
            stream.broken(heads.fault(), last);
        } else {
            stream.head(head, last);
            fresh.add(stream);
        }
    }

    private void end(MultiplexedStream stream, HeaderList list) {
        MessageEnd end = heads.end(list);
        if (end == null) {
            stream.broken(heads.fault(), true);
        } else {
            touched.add(stream);
            stream.end(end);
        }
    }

    /** A header list that was too long to be read. */
    void tooLarge(Http2Stream frames) {
        MultiplexedStream stream = of(frames);
        if (stream == null) {
            stream = begin(frames);
        }
        stream.broken(
                new BadMessage(FailureReason.HEAD_TOO_LARGE, "header list: longer than the limits (expected: shorter)"),
                true);
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean last) {
        int flow = data.readableBytes() + padding;
        Http2Stream frames = connection.connection().stream(id);
        MultiplexedStream stream = frames == null ? null : of(frames);
        if (stream == null) {
            return flow;
        }
        int given = flow;
        touched.add(stream);
        try {
            given = stream.data(data, flow, last);
            if (last) {
                stream.end(MessageEnd.PLAIN);
            }
        } catch (RuntimeException | Error defect) {
            stream.failInternally(defect);
        }
        return given;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long error) {
        Http2Stream frames = connection.connection().stream(id);
        MultiplexedStream stream = frames == null ? null : of(frames);
        if (stream != null) {
            gone(stream, "stream reset by the client, error " + error);
        }
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment) {
        if (id == Http2CodecUtil.CONNECTION_STREAM_ID) {
            connection.outlet().roomGiven(increment);
            return;
        }
        Http2Stream frames = connection.connection().stream(id);
        MultiplexedStream stream = frames == null ? null : of(frames);
        if (stream != null) {
            stream.roomGiven(increment);
        }
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) {
        connection.owes();
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        if (data == GoodBye.PING) {
            connection.pinged();
        }
    }

    // --- streams

    /** What becomes of streams. */
    Http2Connection.Listener endings() {
        return new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream frames) {
                MultiplexedStream stream = of(frames);
                if (stream != null) {
                    gone(stream, "stream closed");
                }
            }

            @Override
            public void onStreamHalfClosed(Http2Stream frames) {
                MultiplexedStream stream = of(frames);
                if (stream != null && frames.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
                    stream.answered();
                }
            }
        };
    }

    /** There is room for more on a stream, or no longer. */
    void writabilityChanged(Http2Stream frames) {
        MultiplexedStream stream = of(frames);
        if (stream != null) {
            try {
                stream.writabilityChanged();
            } catch (RuntimeException | Error defect) {
                stream.failInternally(defect);
            }
        }
    }

    /** What was read in one go has been delivered. */
    void readComplete() {
        // Only now: most of a flood is taken back by then, and has cost no decision and no connection.
        for (int i = 0; i < fresh.size(); i++) {
            MultiplexedStream stream = fresh.get(i);
            try {
                stream.begin();
            } catch (RuntimeException | Error defect) {
                stream.failInternally(defect);
            }
        }
        fresh.clear();
        for (int i = 0; i < touched.size(); i++) {
            MultiplexedStream stream = touched.get(i);
            try {
                stream.readComplete();
            } catch (RuntimeException | Error defect) {
                stream.failInternally(defect);
            }
        }
        touched.clear();
    }

    /** Looks at the time limits of all streams. */
    void sweep(long now, long patience, boolean cut) {
        each(stream -> stream.sweep(now, patience, cut));
        if (connection.connection().numActiveStreams() == 0) {
            heads.idle();
        }
    }

    /** All streams are lost. */
    void abandon(String detail) {
        each(stream -> gone(stream, detail));
    }

    private void each(Consumer<MultiplexedStream> visitor) {
        try {
            connection.connection().forEachActiveStream(frames -> {
                MultiplexedStream stream = of(frames);
                if (stream != null) {
                    visitor.accept(stream);
                }
                return true;
            });
        } catch (Http2Exception failed) {
            LOG.error("a stream could not be visited", failed);
        }
    }

    private static void gone(MultiplexedStream stream, String detail) {
        try {
            stream.gone(detail);
        } catch (RuntimeException | Error defect) {
            LOG.error("a stream could not be ended", defect);
        }
    }

    private @Nullable MultiplexedStream of(Http2Stream frames) {
        return frames.getProperty(key) instanceof MultiplexedStream stream ? stream : null;
    }

    /** How many have begun. */
    int begun() {
        return begun;
    }
}
