package com.esperr.gateway.http1;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpDate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes heads as bytes into a buffer that the caller owns. Thread-safe. Text is checked for CR, LF and NUL, so no value can
 * become a second line; runs of lines that were received are copied in one piece, their grammar being proved already.
 */
public final class HeadWriter {
    private static final byte[] VERSION_END = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERSION_START = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);
    private static final int CRLF = ('\r' << 8) | '\n';
    private static final int COLON_SP = (':' << 8) | ' ';
    private static final EnumMap<FieldName, byte[]> NAMES = new EnumMap<>(FieldName.class);

    private static final int STATUSES = 1000;
    private static final int LONGEST_KEPT = 64;

    /** The line that was written last with each status: nearly all have the same reason. Two threads may write the same at once. */
    private static final @Nullable StatusLine[] STATUS_LINES = new @Nullable StatusLine[STATUSES];

    static {
        for (FieldName name : FieldName.values()) {
            NAMES.put(name, (capitalised(name.text()) + ": ").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private HeadWriter() {}

    private static final class StatusLine {
        final String reason;
        final byte[] bytes;

        StatusLine(String reason, byte[] bytes) {
            this.reason = reason;
            this.bytes = bytes;
        }
    }

    /** Writes {@code method target HTTP/1.1 CRLF}. */
    public static void requestLine(ByteBuf out, String method, String target) {
        text(out, method);
        out.writeByte(' ');
        text(out, target);
        out.writeBytes(VERSION_END);
    }

    /** Writes {@code HTTP/1.1 status reason CRLF}. */
    public static void statusLine(ByteBuf out, int status, String reason) {
        StatusLine known = STATUS_LINES[status % STATUSES];
        if (known != null && known.reason.equals(reason)) {
            out.writeBytes(known.bytes);
            return;
        }
        int start = out.writerIndex();
        out.writeBytes(VERSION_START);
        out.writeMedium((('0' + status / 100 % 10) << 16) | (('0' + status / 10 % 10) << 8) | ('0' + status % 10));
        out.writeByte(' ');
        text(out, reason);
        out.writeShort(CRLF);
        if (reason.length() <= LONGEST_KEPT) {
            byte[] bytes = ByteBufUtil.getBytes(out, start, out.writerIndex() - start);
            STATUS_LINES[status % STATUSES] = new StatusLine(reason, bytes);
        }
    }

    /** Copies the lines from {@code fromLine} up to {@code toLine}, that one excluded, as they were received. */
    public static void lines(ByteBuf out, Fields fields, int fromLine, int toLine) {
        if (fromLine < toLine) {
            int start = fields.lineStart(fromLine);
            out.writeBytes(fields.block(), start, fields.lineEnd(toLine - 1) - start);
        }
    }

    /** Writes one line. */
    public static void field(ByteBuf out, FieldName name, String value) {
        name(out, name);
        text(out, value);
        out.writeShort(CRLF);
    }

    /** Writes one line. */
    public static void field(ByteBuf out, String name, String value) {
        text(out, name);
        out.writeShort(COLON_SP);
        text(out, value);
        out.writeShort(CRLF);
    }

    /** Writes the line that says when an answer was made. */
    public static void date(ByteBuf out, HttpDate date) {
        name(out, FieldName.DATE);
        out.writeBytes(date.bytes());
        out.writeShort(CRLF);
    }

    /** Writes one line with a number of zero or more. */
    public static void field(ByteBuf out, FieldName name, long value) {
        name(out, name);
        decimal(out, value);
        out.writeShort(CRLF);
    }

    /** Writes the empty line that ends a head. */
    public static void end(ByteBuf out) {
        out.writeShort(CRLF);
    }

    private static void name(ByteBuf out, FieldName name) {
        byte[] bytes = NAMES.get(name);
        if (bytes != null) {
            out.writeBytes(bytes);
        }
    }

    private static void text(ByteBuf out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n' || c == 0 || c > 255) {
                throw new IllegalArgumentException(
                        "head: character " + (int) c + " at " + i + " (expected: ISO-8859-1 without CR, LF and NUL)");
            }
        }
        ByteBufUtil.writeAscii(out, text);
    }

    private static void decimal(ByteBuf out, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("head: " + value + " (expected: zero or more)");
        }
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        int start = out.writerIndex();
        out.writeZero(digits);
        long rest = value;
        for (int i = start + digits - 1; i >= start; i--) {
            out.setByte(i, (int) ('0' + rest % 10));
            rest /= 10;
        }
    }

    // Names are compared without case, but not by every origin that was ever written.
    private static String capitalised(String name) {
        if (name.equals("te")) {
            return "TE";
        }
        StringBuilder text = new StringBuilder(name);
        for (int i = 0; i < text.length(); i++) {
            if (i == 0 || text.charAt(i - 1) == '-') {
                text.setCharAt(i, Character.toUpperCase(text.charAt(i)));
            }
        }
        return text.toString();
    }
}
