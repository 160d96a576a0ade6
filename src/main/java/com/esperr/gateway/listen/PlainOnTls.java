package com.esperr.gateway.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/**
 * Looks at the first byte of a connection to a TLS port and leaves the pipeline if it is one of TLS; anything else is told in
 * clear text, and released. Confined to the event loop of its connection.
 */
final class PlainOnTls extends ChannelInboundHandlerAdapter {
    private static final int HANDSHAKE_RECORD = 22;
    private static final byte[] ANSWER = """
            HTTP/1.1 400 Bad Request\r
            Connection: close\r
            Content-Type: text/plain\r
            Content-Length: 25\r
            \r
            This port speaks https.\r
            """.getBytes(StandardCharsets.US_ASCII);

    private final LongAdder plain;
    private boolean told;

    PlainOnTls(LongAdder plain) {
        this.plain = plain;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
            ctx.fireChannelRead(message);
        } else if (told) {
            bytes.release();
        } else if (bytes.getByte(bytes.readerIndex()) == HANDSHAKE_RECORD) {
            ctx.fireChannelRead(bytes);
            ctx.pipeline().remove(this);
        } else {
            told = true;
            plain.increment();
            bytes.release();
            ctx.writeAndFlush(Unpooled.wrappedBuffer(ANSWER)).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
