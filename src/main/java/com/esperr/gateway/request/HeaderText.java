package com.esperr.gateway.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The values of headers as people see them: HTTP gives their bytes no meaning, so one that is UTF-8 is read as UTF-8 and any
 * other as ISO-8859-1. Stateless.
 */
public final class HeaderText {
    private static final int ASCII_END = 0x80;
    private static final int BYTE_END = 0x100;

    private HeaderText() {}

    /** The text of a value whose characters are the bytes that were received. */
    public static String decoded(String value) {
        int highest = 0;
        for (int i = 0; i < value.length(); i++) {
            highest = Math.max(highest, value.charAt(i));
        }
        // What holds more than bytes has been decoded already.
        if (highest < ASCII_END || highest >= BYTE_END) {
            return value;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return value;
        }
    }
}
