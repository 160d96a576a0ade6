package com.esperr.gateway.http1;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.MessageEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Writes the chunked coding (RFC 9112 section 7.1). Thread-safe as such; what it writes is ordered by the event loop of the
 * sink. A small piece is copied between its framing so that it is one buffer; a large one is written as it is.
 */
public final class ChunkWriter {
    private static final int COPIED = 512;
    private static final int SIZE_LINE = 10;
    private static final int CRLF = ('\r' << 8) | '\n';
    private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final ByteBuf LINE_END = constant("\r\n".getBytes(StandardCharsets.US_ASCII));
    private static final ByteBuf LAST_CHUNK = constant(LAST);

    private ChunkWriter() {}

    /** Writes {@code data} as one chunk and takes it; an empty piece writes nothing, because it would end the body. */
    public static void write(ByteSink to, ByteBuf data) {
        int length = data.readableBytes();
        if (length == 0) {
            data.release();
        } else if (length <= COPIED) {
            ByteBuf chunk = data.alloc().ioBuffer(SIZE_LINE + length + 2);
            sizeLine(chunk, length);
            chunk.writeBytes(data).writeShort(CRLF);
            data.release();
            to.write(chunk);
        } else {
            ByteBuf line = data.alloc().ioBuffer(SIZE_LINE);
            sizeLine(line, length);
            to.write(line);
            to.write(data);
            to.write(LINE_END.duplicate());
        }
    }

    /** Writes the last chunk and the trailers of {@code end}. */
    public static void writeEnd(ByteSink to, MessageEnd end) {
        Fields trailers = end.trailers();
        if (trailers.size() == 0) {
            to.write(LAST_CHUNK.duplicate());
            return;
        }
        int length = trailers.lineEnd(trailers.size() - 1) - trailers.lineStart(0);
        ByteBuf last = ByteBufAllocator.DEFAULT.ioBuffer(LAST.length + length);
        last.writeBytes(LAST, 0, LAST.length - 2);
        HeadWriter.lines(last, trailers, 0, trailers.size());
        to.write(last.writeShort(CRLF));
    }

    private static void sizeLine(ByteBuf out, int length) {
        int shift = 28 - (Integer.numberOfLeadingZeros(length) & ~3);
        for (; shift >= 0; shift -= 4) {
            int digit = (length >>> shift) & 0xF;
            out.writeByte(digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
        out.writeShort(CRLF);
    }

    // Shared by all connections: read-only, and nobody's release frees it.
    private static ByteBuf constant(byte[] bytes) {
        ByteBuf buffer = Unpooled.directBuffer(bytes.length, bytes.length).writeBytes(bytes);
        return Unpooled.unreleasableBuffer(buffer.asReadOnly());
    }
}
