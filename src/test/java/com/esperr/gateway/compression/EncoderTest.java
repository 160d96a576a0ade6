package com.esperr.gateway.compression;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import com.github.luben.zstd.ZstdInputStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncoderTest {
    private static InputStream decoder(Coding coding, byte[] encoded) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(encoded);
        return switch (coding) {
            case GZIP -> new GZIPInputStream(in);
            case BR -> new BrotliInputStream(in);
            case ZSTD -> new ZstdInputStream(in);
        };
    }

    private static byte[] taken(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        buffer.release();
        return bytes;
    }

    /** A part of {@code body} as a buffer of one of the kinds that arrive. */
    private static ByteBuf piece(Random random, byte[] body, int from, int length) {
        ByteBuf heap = Unpooled.wrappedBuffer(body, from, length);
        return switch (random.nextInt(3)) {
            case 0 -> heap;
            case 1 -> Unpooled.directBuffer(length + 1).writeBytes(heap);
            default ->
                Unpooled.wrappedBuffer(
                        Unpooled.copiedBuffer(body, from, length / 2),
                        Unpooled.copiedBuffer(body, from + length / 2, length - length / 2));
        };
    }

    private static byte[] body(Random random) {
        byte[] body = new byte[random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(200_000)];
        random.nextBytes(body);
        if (random.nextBoolean()) {
            for (int i = 0; i < body.length; i++) {
                body[i] = (byte) ('a' + (body[i] & 3));
            }
        }
        return body;
    }

    @ParameterizedTest
    @EnumSource
    void decodedBytesAreThoseThatWereEncodedHoweverTheyCame(Coding coding) throws IOException {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            byte[] body = body(random);
            ByteBuf out = Unpooled.directBuffer();
            try (Encoder encoder = coding.encoder(1 + random.nextInt(6))) {
                for (int at = 0; at < body.length; ) {
                    int length = Math.min(body.length - at, 1 + random.nextInt(40_000));
                    ByteBuf piece = piece(random, body, at, length);
                    encoder.encode(piece, out);
                    assertThat(piece.isReadable()).isFalse();
                    piece.release();
                    at += length;
                    if (random.nextInt(3) == 0) {
                        encoder.flush(out);
                    }
                }
                encoder.finish(out);
            }
            try (InputStream in = decoder(coding, taken(out))) {
                assertThat(in.readAllBytes()).as("%s seed %d", coding, seed).isEqualTo(body);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "BR", mode = EnumSource.Mode.EXCLUDE)
    void whatIsFlushedCanBeDecodedBeforeTheEnd(Coding coding) throws IOException {
        byte[] event = "data: one\n\n".getBytes(StandardCharsets.US_ASCII);
        ByteBuf out = Unpooled.directBuffer();
        try (Encoder encoder = coding.encoder(5)) {
            encoder.encode(Unpooled.wrappedBuffer(event), out);
            encoder.flush(out);
            InputStream in = decoder(coding, taken(out));
            assertThat(in.readNBytes(event.length)).isEqualTo(event);
        }
    }

    @Test
    void whatIsFlushedInBrotliCanBeDecodedBeforeTheEnd() throws IOException {
        ByteBuf out = Unpooled.directBuffer();
        try (Encoder encoder = Coding.BR.encoder(5)) {
            encoder.encode(Unpooled.copiedBuffer("data: one\n\n", StandardCharsets.US_ASCII), out);
            encoder.flush(out);
            byte[] flushed = taken(out);
            DecoderJNI.Wrapper decoder = new DecoderJNI.Wrapper(1024);
            decoder.getInputBuffer().put(flushed);
            decoder.push(flushed.length);
            assertThat(StandardCharsets.US_ASCII.decode(decoder.pull()).toString())
                    .isEqualTo("data: one\n\n");
            decoder.destroy();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingTwiceOrInTheMiddleIsFine(Coding coding) {
        Encoder encoder = coding.encoder(5);
        ByteBuf out = Unpooled.directBuffer();
        encoder.encode(Unpooled.wrappedBuffer(new byte[10_000]), out);
        encoder.close();
        encoder.close();
        out.release();
    }
}
