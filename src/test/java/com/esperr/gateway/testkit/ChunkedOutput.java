package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Wraps each write into one chunk of the chunked coding; closing writes the last chunk and leaves the stream below open. Confined to
 * one thread.
 */
final class ChunkedOutput extends OutputStream {

    private final OutputStream out;

    ChunkedOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int count) throws IOException {
        if (count > 0) {
            out.write(Wire.bytes(Integer.toHexString(count) + "\r\n"));
            out.write(buffer, offset, count);
            out.write(Wire.bytes("\r\n"));
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.write(Wire.bytes("0\r\n\r\n"));
        out.flush();
    }
}
