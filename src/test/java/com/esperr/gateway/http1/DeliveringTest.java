package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.RequestHead;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who forwards a head may wait with it for the part of the body that came with the head, and for no more. */
class DeliveringTest {
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n";

    private final RequestDecoder decoder = new RequestDecoder(Cuts.ROOMY);
    private final List<String> told = new ArrayList<>();
    private boolean resumes = true;
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder, new ChannelInboundHandlerAdapter() {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof RequestHead && resumes) {
                decoder.resume();
            }
            told.add((message instanceof RequestHead ? "head " : "other ") + decoder.delivering());
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            told.add("complete " + decoder.delivering());
        }
    });

    @Test
    void aBodyThatCameWithItsHeadIsDeliveredNext() {
        write(POST + "ab");
        assertThat(told).containsExactly("head true", "other false", "complete false");
        write("cd");
        assertThat(told.subList(3, told.size())).containsExactly("other false", "other false", "complete false");
    }

    @Test
    void aBodyThatHasNotComeIsNotWaitedFor() {
        write(POST);
        assertThat(told).containsExactly("head false", "complete false");
    }

    @Test
    void whatWaitsForAWordIsNotDelivered() {
        resumes = false;
        write(POST + "ab");
        assertThat(told).containsExactly("head false", "complete false");
    }

    @Test
    void noReadEndsBehindWhatALateWordLetsThrough() {
        resumes = false;
        write(POST + "abcd" + POST + "ab");
        resumes = true;
        decoder.resume();
        decoder.resume();
        assertThat(told)
                .containsExactly(
                        "head false", "complete false", "other false", "other false", "head false", "other false");
    }

    private void write(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }
}
