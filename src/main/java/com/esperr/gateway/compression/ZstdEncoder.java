package com.esperr.gateway.compression;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.util.Native;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The zstd coding (RFC 8878, one frame a body) with zstd-jni; confined to the event loop of its exchange. */
final class ZstdEncoder implements Encoder {
    private static final Logger LOG = LoggerFactory.getLogger(ZstdEncoder.class);

    /** 512 KiB: what RFC 9659 lets every client expect is 8 MiB, and a window is memory for each response. */
    private static final int WINDOW_LOG = 19;

    private static final int ROOM = 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final ZstdCompressCtx context = new ZstdCompressCtx();

    ZstdEncoder(int level) {
        context.setLevel(level);
        context.setWindowLog(WINDOW_LOG);
    }

    static boolean available() {
        try {
            Native.load();
            return true;
        } catch (LinkageError missing) {
            LOG.debug("zstd", missing);
            return false;
        }
    }

    @Override
    public void encode(ByteBuf piece, ByteBuf out) {
        if (piece.isDirect() && piece.nioBufferCount() == 1) {
            push(piece.nioBuffer(), out, EndDirective.CONTINUE);
            piece.skipBytes(piece.readableBytes());
            return;
        }
        // The library reads native memory only, and TLS of the JDK gives heap buffers.
        ByteBuf direct = Unpooled.directBuffer(piece.readableBytes()).writeBytes(piece);
        try {
            push(direct.nioBuffer(), out, EndDirective.CONTINUE);
        } finally {
            direct.release();
        }
    }

    @Override
    public void flush(ByteBuf out) {
        push(NOTHING.duplicate(), out, EndDirective.FLUSH);
    }

    @Override
    public void finish(ByteBuf out) {
        push(NOTHING.duplicate(), out, EndDirective.END);
    }

    @Override
    public void close() {
        context.close();
    }

    private void push(ByteBuffer input, ByteBuf out, EndDirective directive) {
        boolean done;
        do {
            out.ensureWritable(ROOM);
            ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
            int before = room.position();
            boolean brought = context.compressDirectByteBufferStream(room, input, directive);
            out.writerIndex(out.writerIndex() + room.position() - before);
            done = directive == EndDirective.CONTINUE ? !input.hasRemaining() : brought;
        } while (!done);
    }
}
