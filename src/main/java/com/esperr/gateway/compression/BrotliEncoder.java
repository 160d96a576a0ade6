package com.esperr.gateway.compression;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliEncoderChannel;
import com.aayushatharva.brotli4j.encoder.Encoder.Parameters;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** The br coding (RFC 7932) with brotli4j; confined to the event loop of its exchange. */
final class BrotliEncoder implements Encoder {
    /** 256 KiB: a window is memory for each response. */
    private static final int WINDOW_LOG = 18;

    private static final int INPUT = 16 * 1024;

    private final Sink sink = new Sink();
    private final BrotliEncoderChannel encoder;

    BrotliEncoder(int level) {
        Brotli4jLoader.ensureAvailability();
        try {
            encoder = new BrotliEncoderChannel(
                    sink, new Parameters().setQuality(level).setWindow(WINDOW_LOG), INPUT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean available() {
        return Brotli4jLoader.isAvailable();
    }

    @Override
    public void encode(ByteBuf piece, ByteBuf out) {
        into(out, () -> {
            for (ByteBuffer part : piece.nioBuffers()) {
                while (part.hasRemaining()) {
                    encoder.write(part);
                }
            }
        });
        piece.skipBytes(piece.readableBytes());
    }

    @Override
    public void flush(ByteBuf out) {
        into(out, encoder::flush);
    }

    @Override
    public void finish(ByteBuf out) {
        into(out, encoder::close);
    }

    @Override
    public void close() {
        if (encoder.isOpen()) {
            // The only way to free it is to end the body, which nobody wants any more.
            into(null, encoder::close);
        }
    }

    private void into(@Nullable ByteBuf out, Step step) {
        sink.out = out;
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            sink.out = null;
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** Where the library writes to: the buffer of the call that is under way. */
    private static final class Sink implements WritableByteChannel {
        private @Nullable ByteBuf out;

        @Override
        public int write(ByteBuffer encoded) {
            int length = encoded.remaining();
            ByteBuf to = out;
            if (to == null) {
                encoded.position(encoded.limit());
            } else {
                to.writeBytes(encoded);
            }
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
