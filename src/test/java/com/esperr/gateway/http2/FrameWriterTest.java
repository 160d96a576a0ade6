package com.esperr.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is written is what Netty writes, in fewer buffers. */
class FrameWriterTest {
    private final Wire ours = new Wire(new FrameWriter((name, value) -> false));
    private final Wire nettys =
            new Wire(new DefaultHttp2FrameWriter(new DefaultHttp2HeadersEncoder((name, value) -> false)));

    @AfterEach
    void close() {
        ours.channel.finishAndReleaseAll();
        nettys.channel.finishAndReleaseAll();
    }

    @Test
    void dataIsWrittenAsNettyWritesIt() {
        for (int length : new int[] {0, 1, 1023, 1024, 1025, 16_383, 16_384, 16_385, 40_000}) {
            for (int padding : new int[] {0, 5}) {
                for (boolean last : new boolean[] {false, true}) {
                    assertThat(ours.data(length, padding, last))
                            .as("%s bytes, padding %s, last %s", length, padding, last)
                            .isEqualTo(nettys.data(length, padding, last));
                }
            }
        }
    }

    @Test
    void headsAreWrittenAsNettyWritesThemHoweverManyFramesTheyTake() {
        for (int length : new int[] {0, 1, 300, 16_000, 16_500, 33_000, 60_000}) {
            for (int padding : new int[] {0, 5}) {
                for (boolean last : new boolean[] {false, true}) {
                    assertThat(ours.head(length, padding, last))
                            .as("%s bytes, padding %s, last %s", length, padding, last)
                            .isEqualTo(nettys.head(length, padding, last));
                }
            }
        }
    }

    @Test
    void everyLengthAroundThatOfAFrameIsCutAsNettyCutsIt() {
        for (int length = 16_360; length < 16_400; length++) {
            assertThat(ours.head(length, 0, true)).as("%s bytes", length).isEqualTo(nettys.head(length, 0, true));
        }
    }

    @Test
    void aHeadAndASmallPieceAreOneBufferEach() {
        ours.head(100, 0, false);
        assertThat(ours.buffers).isEqualTo(1);
        ours.data(1024, 0, true);
        assertThat(ours.buffers).isEqualTo(1);
        ours.data(1025, 0, true);
        assertThat(ours.buffers).isEqualTo(2);
    }

    @Test
    void aHeadThatMayNotBeSentIsAFailureAndWritesNothing() throws Http2Exception {
        FrameWriter strict = new FrameWriter((name, value) -> false);
        strict.headersConfiguration().maxHeaderListSize(50);
        Wire wire = new Wire(strict);
        assertThat(wire.head(100, 0, true)).isEmpty();
        assertThat(wire.written.cause()).isInstanceOf(Http2Exception.HeaderListSizeException.class);
        wire.channel.finishAndReleaseAll();
    }

    /** One end of a connection that has one writer. */
    private static final class Wire {
        private final Http2FrameWriter writer;
        private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        private ChannelFuture written = channel.newSucceededFuture();
        private int buffers;

        Wire(Http2FrameWriter writer) {
            this.writer = writer;
        }

        String data(int length, int padding, boolean last) {
            ByteBuf data = Unpooled.buffer(Math.max(1, length));
            for (int i = 0; i < length; i++) {
                data.writeByte(i);
            }
            written = writer.writeData(context(), 3, data, padding, last, channel.newPromise());
            String bytes = sent();
            assertThat(written.isSuccess()).isTrue();
            assertThat(data.refCnt()).isZero();
            return bytes;
        }

        String head(int length, int padding, boolean last) {
            Http2Headers head = new DefaultHttp2Headers().status("200");
            for (int rest = length; rest > 0; rest -= 1000) {
                head.add("x-" + rest, "~".repeat(Math.min(rest, 1000)));
            }
            written = writer.writeHeaders(context(), 3, head, padding, last, channel.newPromise());
            return sent();
        }

        private ChannelHandlerContext context() {
            return channel.pipeline().firstContext();
        }

        private String sent() {
            channel.flush();
            buffers = 0;
            StringBuilder bytes = new StringBuilder();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                buffers++;
                bytes.append(ByteBufUtil.hexDump(out));
                out.release();
            }
            return bytes.toString();
        }
    }
}
