package com.esperr.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;

/**
 * Netty's writer of frames, but with the head of a frame in the same buffer as header blocks and small pieces of data: each buffer
 * more is another write down the pipeline and another promise, which cost more than the bytes. Confined to the event loop of its
 * connection. Takes the data it is given.
 */
public final class FrameWriter extends DefaultHttp2FrameWriter {
    private static final int HEAD = Http2CodecUtil.FRAME_HEADER_LENGTH;

    /** Up to here bytes are copied, as TLS would copy them anyway. */
    private static final int SMALL = 1024;

    private final Http2HeadersEncoder encoder;

    /** A writer that does not put what {@code secrets} names into the table of HPACK. */
    public FrameWriter(Http2HeadersEncoder.SensitivityDetector secrets) {
        this(new DefaultHttp2HeadersEncoder(secrets));
    }

    private FrameWriter(Http2HeadersEncoder encoder) {
        super(encoder);
        this.encoder = encoder;
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int stream,
            Http2Headers headers,
            int padding,
            boolean last,
            ChannelPromise promise) {
        if (padding > 0) {
            return super.writeHeaders(ctx, stream, headers, padding, last, promise);
        }
        ByteBuf frame = ctx.alloc().buffer().writeZero(HEAD);
        try {
            encoder.encodeHeaders(stream, headers, frame);
            frame = framed(ctx, stream, frame, last);
        } catch (Http2Exception | RuntimeException | Error failed) {
            frame.release();
            return promise.setFailure(failed);
        }
        return ctx.write(frame, promise);
    }

    /** The frames for the header block in {@code block}, which is taken and has room for one head in front. */
    private ByteBuf framed(ChannelHandlerContext ctx, int stream, ByteBuf block, boolean last) {
        int length = block.readableBytes() - HEAD;
        int most = maxFrameSize();
        if (length <= most) {
            int end = block.writerIndex();
            head(block.writerIndex(block.readerIndex()), length, Http2FrameTypes.HEADERS, last, true, stream);
            return block.writerIndex(end);
        }
        ByteBuf frames = ctx.alloc().buffer(length + (length / most + 1) * HEAD);
        block.skipBytes(HEAD);
        byte type = Http2FrameTypes.HEADERS;
        while (block.isReadable()) {
            int piece = Math.min(most, block.readableBytes());
            boolean first = type == Http2FrameTypes.HEADERS;
            head(frames, piece, type, first && last, piece == block.readableBytes(), stream);
            frames.writeBytes(block, piece);
            type = Http2FrameTypes.CONTINUATION;
        }
        block.release();
        return frames;
    }

    private static void head(ByteBuf out, int length, byte type, boolean last, boolean whole, int stream) {
        Http2Flags flags = new Http2Flags().endOfStream(last).endOfHeaders(whole);
        Http2CodecUtil.writeFrameHeader(out, length, type, flags, stream);
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx, int stream, ByteBuf data, int padding, boolean last, ChannelPromise promise) {
        int length = data.readableBytes();
        if (padding > 0 || length > maxFrameSize()) {
            return super.writeData(ctx, stream, data, padding, last, promise);
        }
        boolean small = length <= SMALL;
        ByteBuf frame;
        try {
            frame = ctx.alloc().buffer(small ? HEAD + length : HEAD);
        } catch (RuntimeException | Error failed) {
            data.release();
            return promise.setFailure(failed);
        }
        head(frame, length, Http2FrameTypes.DATA, last, false, stream);
        if (small) {
            frame.writeBytes(data);
            data.release();
            return ctx.write(frame, promise);
        }
        // What becomes of it becomes of what is written behind it.
        ctx.write(frame);
        return ctx.write(data, promise);
    }
}
