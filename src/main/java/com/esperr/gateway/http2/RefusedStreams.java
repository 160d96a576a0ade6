package com.esperr.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Reads frames, and ignores those of streams that were refused or reset: a client sends them until it knows (RFC 9113 sections 5.1
 * and 6.8). The decoder behind, which has never made a refused stream, would end the connection and every request on it, and each
 * piece for one that was reset would count as an attack. Confined to the event loop of its connection; data stays the caller's.
 */
public final class RefusedStreams implements Http2FrameReader {
    /** As many as a client can have at once, mostly. */
    private static final int REMEMBERED = 128;

    private final Http2FrameReader reader;
    private final Http2Connection connection;
    /** The last streams that were reset from this end; 0 is none of them. */
    private final int[] reset = new int[REMEMBERED];

    private int resets;
    private int highest;

    /** Reads with {@code reader} what is for {@code connection}. */
    public RefusedStreams(Http2FrameReader reader, Http2Connection connection) {
        this.reader = reader;
        this.connection = connection;
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                if (stream.isResetSent()) {
                    reset[resets++ & (REMEMBERED - 1)] = stream.id();
                }
            }
        });
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener) throws Http2Exception {
        reader.readFrame(ctx, input, new Sieve(listener));
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    private boolean refused(int stream) {
        return stream <= highest && stream > connection.remote().lastStreamCreated();
    }

    private boolean reset(int stream) {
        if (resets == 0 || connection.stream(stream) != null) {
            return false;
        }
        for (int each : reset) {
            if (each == stream) {
                return true;
            }
        }
        return false;
    }

    /** Lets through what is not to be ignored. */
    private final class Sieve extends Http2FrameListenerDecorator {
        Sieve(Http2FrameListener listener) {
            super(listener);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int id, Http2Headers fields, int padding, boolean endOfStream)
                throws Http2Exception {
            try {
                super.onHeadersRead(ctx, id, fields, padding, endOfStream);
            } catch (Http2Exception.StreamException fault) {
                throw noted(id, fault);
            }
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
                boolean endOfStream)
                throws Http2Exception {
            try {
                super.onHeadersRead(ctx, id, fields, dependency, weight, exclusive, padding, endOfStream);
            } catch (Http2Exception.StreamException fault) {
                throw noted(id, fault);
            }
        }

        private Http2Exception.StreamException noted(int id, Http2Exception.StreamException fault) {
            if (fault.error() == Http2Error.REFUSED_STREAM) {
                highest = Math.max(highest, id);
            }
            return fault;
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean endOfStream)
                throws Http2Exception {
            if (!refused(id) && !reset(id)) {
                return super.onDataRead(ctx, id, data, padding, endOfStream);
            }
            // It has taken of the connection's window all the same, and gives it back at once as no stream has it.
            connection.local().flowController().receiveFlowControlledFrame(null, data, padding, endOfStream);
            return data.readableBytes() + padding;
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long errorCode) throws Http2Exception {
            if (!refused(id)) {
                super.onRstStreamRead(ctx, id, errorCode);
            }
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment) throws Http2Exception {
            if (!refused(id)) {
                super.onWindowUpdateRead(ctx, id, increment);
            }
        }
    }
}
