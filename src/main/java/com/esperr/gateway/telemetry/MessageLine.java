package com.esperr.gateway.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * One of the gateway's own messages as one line: time, level, thread, who says it, what, and the exception behind it. Texts of
 * visitors can be part of a message or of an exception: no control character of theirs reaches a terminal. Thread-safe.
 */
final class MessageLine extends LayoutBase<ILoggingEvent> {
    private static final String BREAK = " | ";
    private static final int LEVEL_WIDTH = 5;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        String level = event.getLevel().toString();
        line.append(' ').append(level).append(" ".repeat(LEVEL_WIDTH - level.length()));
        line.append(" [").append(event.getThreadName()).append("] ");
        String logger = event.getLoggerName();
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(": ");
        String said = event.getFormattedMessage();
        if (event.getThrowableProxy() != null) {
            said += '\n' + ThrowableProxyUtil.asString(event.getThrowableProxy());
        }
        appendHarmless(line, said);
        return line.append('\n').toString();
    }

    /** Each run of control characters becomes a mark, and none at the end. */
    private static void appendHarmless(StringBuilder line, String said) {
        boolean marks = false;
        for (int i = 0; i < said.length(); i++) {
            char c = said.charAt(i);
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                marks = true;
                continue;
            }
            line.append(marks ? BREAK : "").append(c);
            marks = false;
        }
    }
}
