package com.esperr.gateway.http1;

import com.esperr.gateway.http.Fields;
import java.nio.charset.StandardCharsets;

/** A cursor over the elements of one line's comma-separated list; confined to the method that made it. */
final class ListElements {
    private final byte[] block;
    private final int end;
    private final boolean quotes;
    private int next;
    private int start;
    private int stop;

    /** A cursor before the first element of line {@code line}. */
    ListElements(Fields fields, int line) {
        block = fields.block();
        next = fields.valueStart(line);
        end = fields.valueEnd(line);
        quotes = quotesClose();
    }

    /** Moves to the next element that is not empty; false at the end. */
    boolean next() {
        while (next < end) {
            start = next;
            int comma = elementEnd();
            next = comma + 1;
            while (start < comma && Octets.blank(block[start])) {
                start++;
            }
            stop = start;
            while (stop < comma && block[stop] != ';') {
                stop++;
            }
            while (stop > start && Octets.blank(block[stop - 1])) {
                stop--;
            }
            if (stop > start) {
                return true;
            }
        }
        return false;
    }

    /** Whether the element without its parameters is {@code token}, ignoring ASCII case. */
    boolean is(String token) {
        if (stop - start != token.length()) {
            return false;
        }
        for (int i = 0; i < token.length(); i++) {
            if (Octets.lower(block[start + i]) != Octets.lower((byte) token.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The element without its parameters. */
    String text() {
        return new String(block, start, stop - start, StandardCharsets.ISO_8859_1);
    }

    private int elementEnd() {
        boolean quoted = false;
        for (int i = next; i < end; i++) {
            byte b = block[i];
            if (b == ',' && !quoted) {
                return i;
            }
            if (b == '"' && quotes) {
                quoted = !quoted;
            } else if (b == '\\' && quoted) {
                i++;
            }
        }
        return end;
    }

    // An open quote must not hide elements from us that others would see, so then quotes are ordinary bytes.
    private boolean quotesClose() {
        boolean quoted = false;
        for (int i = next; i < end; i++) {
            if (block[i] == '"') {
                quoted = !quoted;
            } else if (block[i] == '\\' && quoted) {
                i++;
            }
        }
        return !quoted;
    }
}
