package com.esperr.gateway.testkit;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;

/**
 * What arrived of a body: all bytes are counted and checksummed, the first {@link #CAP} are kept. Thread-safe.
 */
final class BodyCapture implements WireReader.Sink {

    static final int CAP = 4 << 20;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final CRC32 crc = new CRC32();
    private long length;

    @Override
    public synchronized void accept(byte[] buffer, int offset, int count) {
        crc.update(buffer, offset, count);
        length += count;
        kept.write(buffer, offset, Math.min(count, CAP - kept.size()));
    }

    synchronized byte[] bytes() {
        return kept.toByteArray();
    }

    synchronized long length() {
        return length;
    }

    synchronized long crc32() {
        return crc.getValue();
    }
}
