package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Feeds one input to fresh decoders, cut in many ways, and insists on one outcome. */
final class Cuts {
    /** Limits that no small message meets. */
    static final DecoderLimits ROOMY = new DecoderLimits(8192, 32768, 100, 1L << 31);

    private static final int EVERY_CUT = 600;
    private static final int FEW_CUTS = 20;
    private static final int MOST_BYTES = 2_000_000;

    private Cuts() {}

    /** How one decoder is set up and what it says. */
    @FunctionalInterface
    interface Decoding {
        /** Feeds {@code pieces} and returns the transcript. */
        List<String> run(List<byte[]> pieces);
    }

    /** The transcript of a request connection that resumes at once. */
    static List<String> requests(String input) {
        return requests(ROOMY, input);
    }

    /** The same within {@code limits}. */
    static List<String> requests(DecoderLimits limits, String input) {
        byte[] bytes = input.getBytes(StandardCharsets.ISO_8859_1);
        List<String> outcome = everyCut(bytes, pieces -> requestsAtOnce(limits, pieces));
        assertThat(requestsLater(limits, bytes))
                .as("resumed after everything came")
                .isEqualTo(outcome);
        return outcome;
    }

    /** The transcript of a response connection on which {@code method} was asked once. */
    static List<String> responses(String method, String input) {
        return responses(ROOMY, method, input);
    }

    /** The same within {@code limits}. */
    static List<String> responses(DecoderLimits limits, String method, String input) {
        return everyCut(input.getBytes(StandardCharsets.ISO_8859_1), pieces -> response(limits, method, pieces));
    }

    /** The one outcome of {@code bytes}, however they are cut. */
    static List<String> everyCut(byte[] bytes, Decoding decoding) {
        List<String> whole = decoding.run(List.of(bytes));
        byte[][] single = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            single[i] = new byte[] {bytes[i]};
        }
        assertThat(decoding.run(Arrays.asList(single))).as("byte by byte").isEqualTo(whole);
        int cuts = Math.max(FEW_CUTS, Math.min(EVERY_CUT, MOST_BYTES / Math.max(1, bytes.length)));
        int step = Math.max(1, bytes.length / cuts);
        for (int cut = 1; cut < bytes.length; cut += step) {
            List<byte[]> halves = List.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
            assertThat(decoding.run(halves)).as("cut at %s", cut).isEqualTo(whole);
        }
        return whole;
    }

    /** {@code bytes} in pieces of random lengths. */
    static List<byte[]> randomly(byte[] bytes, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + random.nextInt(random.nextBoolean() ? 4 : 200));
            pieces.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        return pieces;
    }

    /** The transcript of request {@code pieces}, resumed at once. */
    static List<String> requestsAtOnce(DecoderLimits limits, List<byte[]> pieces) {
        RequestDecoder decoder = new RequestDecoder(limits);
        Transcript transcript = new Transcript(decoder::resume);
        return feed(new EmbeddedChannel(decoder, transcript), transcript, pieces);
    }

    /** The transcript of a response in {@code pieces}. */
    static List<String> response(DecoderLimits limits, String method, List<byte[]> pieces) {
        ResponseDecoder decoder = new ResponseDecoder(limits);
        Transcript transcript = new Transcript(() -> {});
        decoder.expect(method);
        return feed(new EmbeddedChannel(decoder, transcript), transcript, pieces);
    }

    private static List<String> requestsLater(DecoderLimits limits, byte[] bytes) {
        RequestDecoder decoder = new RequestDecoder(limits);
        Transcript transcript = new Transcript(() -> {});
        EmbeddedChannel channel = new EmbeddedChannel(decoder, transcript);
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        while (decoder.holding()) {
            decoder.resume();
        }
        List<String> lines = transcript.lines();
        assertThat(channel.finishAndReleaseAll()).isFalse();
        return lines;
    }

    private static List<String> feed(EmbeddedChannel channel, Transcript transcript, List<byte[]> pieces) {
        for (byte[] piece : pieces) {
            channel.writeInbound(Unpooled.copiedBuffer(piece));
        }
        List<String> lines = transcript.lines();
        assertThat(channel.finishAndReleaseAll()).isFalse();
        return lines;
    }
}
