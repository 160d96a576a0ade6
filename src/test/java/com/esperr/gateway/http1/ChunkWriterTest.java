package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.MessageEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkWriterTest {
    private final List<ByteBuf> written = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 10, 15, 16, 255, 256, 511, 512, 513, 4095, 4096, 65535, 65536, 1 << 20})
    void aPieceIsOneChunk(int length) {
        String data = "x".repeat(length);
        ByteBuf piece = piece(data);
        ChunkWriter.write(written::add, piece);
        assertThat(written).hasSizeLessThanOrEqualTo(3);
        assertThat(takeWritten()).isEqualTo(Integer.toHexString(length) + "\r\n" + data + "\r\n");
        assertThat(piece.refCnt()).isZero();
    }

    @Test
    void aLargePieceIsNotCopied() {
        ByteBuf piece = piece("x".repeat(5000));
        ChunkWriter.write(written::add, piece);
        assertThat(written).element(1).isSameAs(piece);
        takeWritten();
    }

    @Test
    void anEmptyPieceDoesNotEndTheBody() {
        ByteBuf piece = piece("");
        ChunkWriter.write(written::add, piece);
        assertThat(written).isEmpty();
        assertThat(piece.refCnt()).isZero();
    }

    @Test
    void theEndMayHaveTrailers() {
        ChunkWriter.writeEnd(written::add, MessageEnd.PLAIN);
        assertThat(takeWritten()).isEqualTo("0\r\n\r\n");
        Fields trailers = Fields.builder(2).add("X-Sum", "7").add("Y", "").build();
        ChunkWriter.writeEnd(written::add, new MessageEnd(trailers));
        assertThat(takeWritten()).isEqualTo("0\r\nX-Sum: 7\r\nY: \r\n\r\n");
    }

    @Test
    void sharedBytesOutliveEveryRelease() {
        for (int i = 0; i < 3; i++) {
            ChunkWriter.write(written::add, piece("x".repeat(600)));
            ChunkWriter.writeEnd(written::add, MessageEnd.PLAIN);
            assertThat(takeWritten()).endsWith("x\r\n0\r\n\r\n");
        }
    }

    private static ByteBuf piece(String data) {
        return Unpooled.directBuffer().writeBytes(data.getBytes(StandardCharsets.US_ASCII));
    }

    private String takeWritten() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf buffer : written) {
            text.append(buffer.toString(StandardCharsets.US_ASCII));
            buffer.release();
        }
        written.clear();
        return text.toString();
    }
}
