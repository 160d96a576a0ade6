package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A decoder in turns gives out a bounded part of what came at once, and the rest later, whole. */
class RequestTurnsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final RequestDecoder decoder = RequestDecoder.inTurns(new DecoderLimits(8192, 16384, 100, 1 << 20));
    private final Eager eager = new Eager();
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder, eager);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void manyRequestsTakeSeveralTurns() {
        receive(GET.repeat(100));
        assertThat(eager.ends).isBetween(1, 16);
        assertThat(decoder.waits()).isTrue();
        for (int before = eager.ends; eager.ends < 100; before = eager.ends) {
            turn();
            assertThat(eager.ends - before).isBetween(1, 17);
        }
        assertThat(eager.ends).isEqualTo(100);
        assertThat(decoder.waits()).isFalse();
    }

    @Test
    void theEndOfTheLastRequestOfATurnIsNotPutOff() {
        receive(GET.repeat(16));
        assertThat(eager.ends).isEqualTo(16);
        assertThat(decoder.waits()).isFalse();
    }

    @Test
    void manySmallChunksTakeSeveralTurns() {
        receive(CHUNKED + "1\r\nx\r\n".repeat(1_000) + "0\r\n\r\n");
        assertThat(eager.bytes).isBetween(1, 128);
        for (int i = 0; i < 20 && eager.ends == 0; i++) {
            turn();
        }
        assertThat(eager.bytes).isEqualTo(1_000);
        assertThat(eager.ends).isEqualTo(1);
    }

    @Test
    void whatWaitsWhenTheConnectionEndsIsFreed() {
        receive(GET.repeat(100));
        channel.close();
        turn();
        assertThat(eager.ends).isLessThanOrEqualTo(16);
        assertThat(decoder.waits()).isFalse();
    }

    private void receive(String bytes) {
        channel.freezeTime();
        channel.pipeline().fireChannelRead(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        channel.pipeline().fireChannelReadComplete();
    }

    private void turn() {
        channel.advanceTimeBy(1, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    /** Wants whatever comes next, at once. */
    private final class Eager extends ChannelInboundHandlerAdapter {
        private int ends;
        private int bytes;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof RequestHead) {
                decoder.resume();
            } else if (message instanceof MessageEnd) {
                ends++;
                decoder.resume();
            } else if (message instanceof ByteBuf data) {
                bytes += data.readableBytes();
                data.release();
            } else {
                ReferenceCountUtil.release(message);
            }
        }
    }
}
