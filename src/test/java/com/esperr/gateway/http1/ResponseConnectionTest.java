package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One response for each request that was announced, never one more, and what the end of a connection means. */
class ResponseConnectionTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String HEAD = "HEAD 200 'OK' 1.1 length=2 keep [Content-Length=2]";

    private final ResponseDecoder decoder = new ResponseDecoder(Cuts.ROOMY);
    private Runnable after = () -> {};
    private final Transcript transcript = new Transcript(() -> after.run());
    private final Reads reads = new Reads();
    private final EmbeddedChannel channel = channel(reads, decoder, transcript);

    @Test
    void requestAfterRequestIsAnswered() {
        for (int i = 0; i < 3; i++) {
            decoder.expect("GET");
            assertThat(decoder.headStarted()).isFalse();
            write(OK);
        }
        assertThat(transcript.lines())
                .containsExactly(HEAD, "DATA ok", "END", HEAD, "DATA ok", "END", HEAD, "DATA ok", "END");
    }

    @Test
    void bytesThatNobodyExpectsFailTheConnection() {
        write("H");
        assertThat(transcript.lines()).containsExactly("BAD ORIGIN_MALFORMED");
    }

    @Test
    void aSecondResponseIsNeverKeptForTheNextRequest() {
        decoder.expect("GET");
        write(OK + "HTTP/1.1 200 Evil\r\nContent-Length: 0\r\n\r\n");
        assertThat(transcript.lines()).containsExactly(HEAD, "DATA ok", "END", "BAD ORIGIN_MALFORMED");
        decoder.expect("GET");
        write(OK);
        assertThat(transcript.lines()).hasSize(4);
    }

    @Test
    void aSecondResponseDoesNotReachARequestAnnouncedInsideTheEnd() {
        after = () -> {
            if (transcript.lines().size() == 3) {
                assertThat(decoder.hasPending()).isTrue();
                decoder.expect("GET");
            }
        };
        decoder.expect("GET");
        write(OK + "HTTP/1.1 200 Evil\r\nContent-Length: 0\r\n\r\n");
        assertThat(transcript.lines()).containsExactly(HEAD, "DATA ok", "END", "BAD ORIGIN_MALFORMED");
    }

    @Test
    void aSecondResponseInTheSameReadDoesNotReachTheNextRequestEither() {
        decoder.expect("GET");
        channel.pipeline().fireChannelRead(bytes(OK));
        decoder.expect("GET");
        ByteBuf second = bytes("HTTP/1.1 200 Evil\r\nContent-Length: 0\r\n\r\n");
        channel.pipeline().fireChannelRead(second);
        channel.pipeline().fireChannelReadComplete();
        assertThat(transcript.lines()).containsExactly(HEAD, "DATA ok", "END", "BAD ORIGIN_MALFORMED");
        assertThat(second.refCnt()).isZero();
    }

    @Test
    void aBodyBehindAHeadOnlyResponseIsSurplus() {
        decoder.expect("HEAD");
        write(OK);
        assertThat(transcript.lines())
                .containsExactly("HEAD 200 'OK' 1.1 length=0 keep [Content-Length=2]", "END", "BAD ORIGIN_MALFORMED");
    }

    @Test
    void oneResponseIsExpectedAtATime() {
        decoder.expect("GET");
        assertThatIllegalStateException().isThrownBy(() -> decoder.expect("GET"));
        write(OK.substring(0, OK.length() - 1));
        assertThat(decoder.headStarted()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> decoder.expect("GET"));
    }

    @Test
    void aBodyUntilCloseEndsWithTheConnection() {
        decoder.expect("GET");
        write("HTTP/1.0 200 OK\r\n\r\nabc");
        write("def");
        channel.finishAndReleaseAll();
        assertThat(transcript.lines())
                .containsExactly("HEAD 200 'OK' 1.0 length=-2 close", "DATA abcdef", "END", "INACTIVE");
    }

    @Test
    void aBodyUntilCloseEndsWithTheInputOfAHalfClosedConnection() {
        decoder.expect("GET");
        write("HTTP/1.0 200 OK\r\n\r\nabc");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.finishAndReleaseAll();
        assertThat(transcript.lines())
                .containsExactly("HEAD 200 'OK' 1.0 length=-2 close", "DATA abc", "END", "INACTIVE");
    }

    @Test
    void aResetDoesNotEndABody() {
        decoder.expect("GET");
        write("HTTP/1.0 200 OK\r\n\r\nabc");
        channel.pipeline().addLast(new Swallow());
        channel.pipeline().fireExceptionCaught(new IOException("Connection reset"));
        channel.finishAndReleaseAll();
        assertThat(transcript.lines())
                .containsExactly("HEAD 200 'OK' 1.0 length=-2 close", "DATA abc", "BAD ORIGIN_CLOSED", "INACTIVE");
    }

    @Test
    void aTlsConnectionCutWithoutGoodbyeDoesNotEndABody() {
        decoder.expect("GET");
        write("HTTP/1.0 200 OK\r\n\r\nabc");
        channel.pipeline().fireUserEventTriggered(new SslCloseCompletionEvent(new ClosedChannelException()));
        channel.finishAndReleaseAll();
        assertThat(transcript.lines()).contains("BAD ORIGIN_CLOSED").doesNotContain("END");
    }

    @Test
    void aTlsGoodbyeIsAnOrderlyEnd() {
        decoder.expect("GET");
        write("HTTP/1.0 200 OK\r\n\r\nabc");
        channel.pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
        channel.finishAndReleaseAll();
        assertThat(transcript.lines()).contains("END").doesNotContain("BAD ORIGIN_CLOSED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "H",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n"
            })
    void anIncompleteResponseIsNeverTakenForComplete(String part) {
        decoder.expect("GET");
        write(part);
        channel.finishAndReleaseAll();
        List<String> lines = transcript.lines();
        assertThat(lines).doesNotContain("END").endsWith("BAD ORIGIN_CLOSED", "INACTIVE");
    }

    @Test
    void aConnectionThatClosesBeforeTheFirstByteIsOnlyClosed() {
        decoder.expect("GET");
        channel.finishAndReleaseAll();
        assertThat(transcript.lines()).containsExactly("INACTIVE");
    }

    @Test
    void aConnectionThatClosesBetweenResponsesIsOnlyClosed() {
        decoder.expect("GET");
        write(OK);
        channel.finishAndReleaseAll();
        assertThat(transcript.lines()).containsExactly(HEAD, "DATA ok", "END", "INACTIVE");
    }

    @Test
    void insideAHeadAndBehindInterimOnesItAsksForMore() {
        decoder.expect("GET");
        write("HTTP/1.1 1");
        assertThat(reads.take()).isEqualTo(1);
        write("00 Continue\r\n\r\n");
        assertThat(reads.take()).isEqualTo(1);
        write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(reads.take()).isZero();
        write("2");
        assertThat(reads.take()).isEqualTo(1);
        write("\r\nok\r");
        assertThat(reads.take()).isZero();
        write("\n");
        assertThat(reads.take()).isEqualTo(1);
        write("0\r\n\r\n");
        assertThat(reads.take()).isZero();
    }

    private void write(String text) {
        channel.writeInbound(bytes(text));
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static EmbeddedChannel channel(Reads reads, ResponseDecoder decoder, Transcript transcript) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(reads, decoder, transcript);
        reads.take();
        return channel;
    }
}
