package com.esperr.gateway.compression;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** The gzip coding (RFC 1952) with the JDK's deflater; confined to the event loop of its exchange. */
final class GzipEncoder implements Encoder {
    /** Magic number, deflate, no flags, no time, no hint, unknown system. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final int ROOM = 256;

    private final Deflater deflater;
    private final CRC32 checksum = new CRC32();
    private boolean begun;

    GzipEncoder(int level) {
        deflater = new Deflater(level, /* nowrap= */ true);
    }

    @Override
    public void encode(ByteBuf piece, ByteBuf out) {
        boolean first = !begun;
        int start = out.writerIndex();
        begin(out);
        for (ByteBuffer part : piece.nioBuffers()) {
            checksum.update(part.duplicate());
            deflater.setInput(part);
            while (!deflater.needsInput()) {
                deflate(out, Deflater.NO_FLUSH);
            }
        }
        piece.skipBytes(piece.readableBytes());
        if (first && out.writerIndex() == start + HEADER.length) {
            // A header alone tells nobody anything: it leaves with what follows.
            out.writerIndex(start);
            begun = false;
        }
    }

    @Override
    public void flush(ByteBuf out) {
        begin(out);
        // A full buffer says that there may be more.
        while (deflate(out, Deflater.SYNC_FLUSH) == 0) {}
    }

    @Override
    public void finish(ByteBuf out) {
        begin(out);
        deflater.finish();
        while (!deflater.finished()) {
            deflate(out, Deflater.NO_FLUSH);
        }
        out.writeIntLE((int) checksum.getValue()).writeIntLE((int) deflater.getBytesRead());
    }

    @Override
    public void close() {
        deflater.end();
    }

    private void begin(ByteBuf out) {
        if (!begun) {
            begun = true;
            out.writeBytes(HEADER);
        }
    }

    /** Returns how much room was left. */
    private int deflate(ByteBuf out, int flush) {
        out.ensureWritable(ROOM);
        ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
        out.writerIndex(out.writerIndex() + deflater.deflate(room, flush));
        return room.remaining();
    }
}
