package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The request decoder goes by demand, asks for more only where nobody else can, and frees what it holds. */
class DemandTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HEAD = "HEAD GET / 1.1 length=0 keep [Host=a]";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final RequestDecoder decoder = new RequestDecoder(Cuts.ROOMY);
    private final Transcript transcript = new Transcript(() -> {});
    private final Reads reads = new Reads();
    private final EmbeddedChannel channel = channel(reads, decoder, transcript);

    @Test
    void theBodyWaitsForTheWordBehindTheHead() {
        write(POST + "3\r\nabc\r\n0\r\n\r\n");
        assertThat(transcript.lines()).hasSize(1);
        assertThat(decoder.holding()).isTrue();
        assertThat(decoder.hasPending()).isTrue();
        decoder.resume();
        assertThat(transcript.lines()).endsWith("DATA abc", "END");
        assertThat(decoder.hasPending()).isFalse();
    }

    @Test
    void aRequestWithoutBodyEndsOnTheWord() {
        write(GET);
        assertThat(transcript.lines()).containsExactly(HEAD);
        decoder.resume();
        assertThat(transcript.lines()).containsExactly(HEAD, "END");
        assertThat(decoder.holding()).isTrue();
    }

    @Test
    void thePipelinedRequestWaitsForTheEndOfTheExchange() {
        write(GET + GET);
        decoder.resume();
        assertThat(transcript.lines()).containsExactly(HEAD, "END");
        assertThat(decoder.hasPending()).isTrue();
        decoder.resume();
        assertThat(transcript.lines()).containsExactly(HEAD, "END", HEAD);
        assertThat(decoder.hasPending()).isFalse();
    }

    @Test
    void whatComesWhileItHoldsIsHeldInOrder() {
        write(POST);
        write("3\r\nab");
        write("c\r\n2\r");
        write("\nde\r\n0\r\n\r");
        write("\n");
        write(GET);
        assertThat(transcript.lines()).hasSize(1);
        decoder.resume();
        assertThat(transcript.lines()).endsWith("DATA abcde", "END");
        decoder.resume();
        assertThat(transcript.lines()).endsWith("END", HEAD);
    }

    @Test
    void aWordNobodyWaitedForChangesNothing() {
        decoder.resume();
        write(GET.substring(0, 5));
        decoder.resume();
        write(GET.substring(5));
        decoder.resume();
        decoder.resume();
        decoder.resume();
        decoder.resume();
        assertThat(transcript.lines()).containsExactly(HEAD, "END");
        write(POST + "3\r\nab");
        decoder.resume();
        decoder.resume();
        write("c\r\n0\r\n\r\n");
        assertThat(transcript.lines()).endsWith("DATA abc", "END");
    }

    @Test
    void nothingMoreIsReadWhileBytesWaitForTheWord() {
        channel.config().setAutoRead(true);
        write(POST);
        assertThat(channel.config().isAutoRead()).isTrue();
        write("3\r\nabc\r\n");
        assertThat(channel.config().isAutoRead()).isFalse();
    }

    @Test
    void whatComesAfterTheStopIsFreedAndNotKept() {
        write(POST + "3\r\nabc");
        decoder.stop();
        assertThat(decoder.hasPending()).isFalse();
        ByteBuf more = Unpooled.copiedBuffer("more", StandardCharsets.ISO_8859_1);
        channel.writeInbound(more);
        assertThat(more.refCnt()).isZero();
        assertThat(transcript.lines()).hasSize(1);
    }

    @Test
    void aWordBeforeTheDecoderHasAChannelIsNoError() {
        new RequestDecoder(Cuts.ROOMY).resume();
    }

    @Test
    void startedTellsHeadsFromWhatIsBetweenThem() {
        write("\r\n");
        assertThat(decoder.headStarted()).isFalse();
        write("G");
        assertThat(decoder.headStarted()).isTrue();
        write(GET.substring(1));
        assertThat(decoder.headStarted()).isFalse();
        decoder.resume();
        decoder.resume();
    }

    @Test
    void insideAHeadItAsksForMore() {
        write("\r\n");
        assertThat(reads.take()).isEqualTo(1);
        write(GET.substring(0, 10));
        assertThat(reads.take()).isEqualTo(1);
        write(GET.substring(10));
        assertThat(reads.take()).isZero();
        decoder.resume();
        decoder.resume();
        assertThat(reads.take()).isZero();
    }

    @Test
    void aHeadThatWaitedIncompleteIsAskedForOnTheWord() {
        write(GET + GET.substring(0, 10));
        decoder.resume();
        assertThat(reads.take()).isZero();
        decoder.resume();
        assertThat(reads.take()).isEqualTo(1);
    }

    @Test
    void insideChunkFramingItAsksOnlyWhenItFiredNothing() {
        write(POST);
        decoder.resume();
        reads.take();
        write("3");
        assertThat(reads.take()).isEqualTo(1);
        write("\r\nabc\r\n2");
        assertThat(reads.take()).as("data was fired, so its receiver asks").isZero();
        write("\r");
        assertThat(reads.take()).isEqualTo(1);
        write("\nde\r\n0\r\n");
        assertThat(reads.take()).isZero();
        write("X-Sum: 7");
        assertThat(reads.take()).isEqualTo(1);
        write("\r\n\r\n");
        assertThat(reads.take()).isZero();
    }

    @Test
    void pipelinedRequestsDoNotNestTheStack() {
        int[] depth = {0, 0};
        RequestDecoder looping = new RequestDecoder(Cuts.ROOMY);
        Transcript deep = new Transcript(() -> {
            depth[1] = Math.max(depth[1], StackWalker.getInstance().walk(frames -> (int) frames.count()));
            looping.resume();
        });
        EmbeddedChannel busy = new EmbeddedChannel(looping, deep);
        busy.writeInbound(bytes(GET));
        int single = depth[1];
        busy.writeInbound(bytes(GET.repeat(1000)));
        assertThat(deep.lines()).hasSize(2002);
        assertThat(depth[1]).isEqualTo(single);
        assertThat(busy.finishAndReleaseAll()).isFalse();
    }

    @Test
    void aReadThatIsAllBodyIsHandedOnWithoutASlice() {
        Pieces pieces = new Pieces();
        RequestDecoder plain = new RequestDecoder(Cuts.ROOMY);
        EmbeddedChannel whole = new EmbeddedChannel(plain, pieces);
        whole.writeInbound(bytes("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n"));
        plain.resume();
        ByteBuf first = bytes("abc");
        whole.writeInbound(first);
        assertThat(pieces.last).isSameAs(first);
        ByteBuf second = bytes("defGET");
        whole.writeInbound(second);
        assertThat(pieces.last).isNotSameAs(second);
        pieces.free();
        plain.resume();
        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
        assertThat(whole.finishAndReleaseAll()).isFalse();
    }

    @Test
    void aReadThatIsAllHeadIsFreedWhileTheRequestIsHeld() {
        ByteBuf head = bytes(GET);
        channel.writeInbound(head);
        assertThat(decoder.holding()).isTrue();
        assertThat(head.refCnt()).isZero();
    }

    @Test
    void whatIsHeldIsFreedWhenTheChannelCloses() {
        ByteBuf held = bytes(GET + GET);
        ByteBuf more = bytes(GET);
        channel.writeInbound(held);
        channel.writeInbound(more);
        channel.close();
        assertThat(held.refCnt()).isZero();
        assertThat(more.refCnt()).isZero();
        assertThat(decoder.hasPending()).isFalse();
    }

    @Test
    void whatIsHeldIsFreedWhenTheHandlerIsRemoved() {
        ByteBuf held = bytes(GET + GET);
        channel.writeInbound(held);
        channel.pipeline().remove(decoder);
        assertThat(held.refCnt()).isZero();
    }

    @Test
    void removalOutOfAFiredMessageEndsTheLoop() {
        for (String at : new String[] {"HEAD", "DATA", "END"}) {
            RequestDecoder removed = new RequestDecoder(Cuts.ROOMY);
            Remover remover = new Remover(removed, at);
            EmbeddedChannel cut = new EmbeddedChannel(removed, remover);
            ByteBuf input = bytes(POST + "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n" + GET);
            cut.writeInbound(input);
            assertThat(input.refCnt()).as(at).isZero();
            assertThat(remover.after).as(at).isZero();
            assertThat(cut.finishAndReleaseAll()).isFalse();
        }
    }

    @Test
    void behindAFaultEverythingIsDiscarded() {
        ByteBuf bad = bytes("GET / HTTP/1.1\r\nbad\r\n" + GET);
        ByteBuf late = bytes(GET);
        channel.writeInbound(bad);
        channel.writeInbound(late);
        decoder.resume();
        assertThat(transcript.lines()).containsExactly("BAD MALFORMED_HEAD");
        assertThat(bad.refCnt()).isZero();
        assertThat(late.refCnt()).isZero();
        assertThat(reads.take()).isZero();
    }

    @Test
    void emptyBuffersAndOtherMessagesAreNoBytes() {
        ByteBuf empty = channel.alloc().buffer(8);
        channel.writeInbound(empty);
        assertThat(empty.refCnt()).isZero();
        channel.writeInbound("something else");
        assertThat(transcript.lines()).containsExactly("something else");
    }

    private void write(String text) {
        channel.writeInbound(bytes(text));
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static EmbeddedChannel channel(Reads reads, RequestDecoder decoder, Transcript transcript) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(reads, decoder, transcript);
        reads.take();
        return channel;
    }
}
