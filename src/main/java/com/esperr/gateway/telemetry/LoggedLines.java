package com.esperr.gateway.telemetry;

import ch.qos.logback.classic.Level;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whole lines as messages of the logger {@value #NAME}, one each and without their line feed, so that the logging library's
 * configuration says where they go. Confined to the thread that writes.
 */
final class LoggedLines extends OutputStream {
    /** The logger of the access log. */
    static final String NAME = "com.esperr.gateway.access";

    private final Logger log = LoggerFactory.getLogger(NAME);

    LoggedLines() {
        // However quiet the gateway itself is told to be; a configuration that says something about this logger is
        // obeyed.
        if (log instanceof ch.qos.logback.classic.Logger logger && logger.getLevel() == null) {
            logger.setLevel(Level.INFO);
        }
    }

    @Override
    public void write(int letter) {
        throw new UnsupportedOperationException("single bytes (expected: whole lines)");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int begin = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                log.info(new String(bytes, begin, i - begin, StandardCharsets.UTF_8));
                begin = i + 1;
            }
        }
    }
}
