package com.esperr.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An immutable block of HTTP field lines (headers or trailers). Thread-safe.
 *
 * <p>The block keeps the lines as the bytes that go on the wire, {@code name: value CRLF}, in one array, with an index of
 * where each name and value stands. Nothing becomes a {@code String} until somebody asks, and a run of lines that is
 * forwarded unchanged is copied in one piece. Values are read as ISO-8859-1 (RFC 9110 section 5.5).
 */
public final class Fields {
    /** A block without lines. */
    public static final Fields EMPTY = new Fields(new byte[0], new int[0], 0, 0, 0);

    // Five numbers a line: start, end of name, start of value, end of value, FieldName code or -1.
    private static final int STRIDE = 5;

    private final byte[] block;
    private final int[] index;
    private final int size;
    private final int end;
    /** A bit for the code of each known name that may occur: most that are asked for do not. */
    private final long known;

    /** The values that were asked for, where they are kept; two who ask at once make the same. */
    private @Nullable String @Nullable [] texts;

    private Fields(byte[] block, int[] index, int size, int end, long known) {
        this.known = known;
        this.block = block;
        this.index = index;
        this.size = size;
        this.end = end;
    }

    /** How many lines there are. */
    public int size() {
        return size;
    }

    /** How many bytes all lines have on the wire. */
    public int length() {
        return size == 0 ? 0 : end - lineStart(0);
    }

    /** The first value of {@code name}, or null. */
    public @Nullable String get(FieldName name) {
        int at = indexOf(name, 0);
        return at < 0 ? null : value(at);
    }

    /** The first value of {@code name} (any case), or null. */
    public @Nullable String get(String name) {
        int at = indexOf(name);
        return at < 0 ? null : value(at);
    }

    private int indexOf(String name) {
        for (int i = 0; i < size; i++) {
            if (nameEquals(i, name)) {
                return i;
            }
        }
        return -1;
    }

    /** Every value of {@code name}, in order. */
    public List<String> all(FieldName name) {
        int at = indexOf(name, 0);
        if (at < 0) {
            return List.of();
        }
        List<String> values = new ArrayList<>(2);
        for (; at >= 0; at = indexOf(name, at + 1)) {
            values.add(value(at));
        }
        return values;
    }

    /** Every value of {@code name} (any case), in order. */
    public List<String> all(String name) {
        List<String> values = List.of();
        for (int i = 0; i < size; i++) {
            if (nameEquals(i, name)) {
                if (values.isEmpty()) {
                    values = new ArrayList<>(2);
                }
                values.add(value(i));
            }
        }
        return values;
    }

    /** Whether a line called {@code name} exists. */
    public boolean contains(FieldName name) {
        return indexOf(name, 0) >= 0;
    }

    /** Whether a line called {@code name} (any case) exists. */
    public boolean contains(String name) {
        return indexOf(name) >= 0;
    }

    /** How many lines are called {@code name}. */
    public int count(FieldName name) {
        int count = 0;
        for (int at = indexOf(name, 0); at >= 0; at = indexOf(name, at + 1)) {
            count++;
        }
        return count;
    }

    /** The position of the first line called {@code name} at or after {@code from}, or -1. */
    public int indexOf(FieldName name, int from) {
        int code = name.code();
        if ((known & 1L << code) == 0) {
            return -1;
        }
        for (int i = from; i < size; i++) {
            if (index[i * STRIDE + 4] == code) {
                return i;
            }
        }
        return -1;
    }

    /** The name of line {@code i} as it was written. */
    public String name(int i) {
        return text(index[i * STRIDE], index[i * STRIDE + 1]);
    }

    /** The value of line {@code i} without surrounding white space. */
    public String value(int i) {
        @Nullable String[] kept = texts;
        String text = kept == null ? null : kept[i];
        if (text == null) {
            text = text(index[i * STRIDE + 2], index[i * STRIDE + 3]);
            if (kept != null) {
                kept[i] = text;
            }
        }
        return text;
    }

    /** Keeps from now on the text of each value that is asked for, because these lines are those of many messages. */
    public void keepTexts() {
        if (texts == null) {
            texts = new @Nullable String[size];
        }
    }

    /** Which of the known names line {@code i} has, or null. */
    public @Nullable FieldName known(int i) {
        return FieldName.ofCode(index[i * STRIDE + 4]);
    }

    /** Whether line {@code i} is called {@code name}, ignoring ASCII case. */
    public boolean nameEquals(int i, String name) {
        int start = index[i * STRIDE];
        return Ascii.equalsIgnoreCase(block, start, index[i * STRIDE + 1], name);
    }

    /** Whether the name of line {@code i} begins with the lower-case {@code prefix}, ignoring ASCII case. */
    public boolean nameStartsWith(int i, String prefix) {
        int start = index[i * STRIDE];
        return index[i * STRIDE + 1] - start >= prefix.length()
                && Ascii.equalsIgnoreCase(block, start, start + prefix.length(), prefix);
    }

    /** Whether the value of line {@code i} is {@code value}, ignoring ASCII case, without making a String of it. */
    public boolean valueEqualsIgnoreCase(int i, String value) {
        return Ascii.equalsIgnoreCase(block, index[i * STRIDE + 2], index[i * STRIDE + 3], value);
    }

    /**
     * The array that holds the lines, shared, not to be modified, possibly with other bytes before and behind them. Line i
     * is {@code [lineStart(i), lineEnd(i))} with its CRLF.
     */
    public byte[] block() {
        return block;
    }

    /** Where line {@code i} begins in {@link #block()}. */
    public int lineStart(int i) {
        return index[i * STRIDE];
    }

    /** Where line {@code i}, with its CRLF, ends in {@link #block()}. */
    public int lineEnd(int i) {
        return i + 1 < size ? index[(i + 1) * STRIDE] : end;
    }

    /** Where the name of line {@code i}, which begins at {@link #lineStart}, ends in {@link #block()}. */
    public int nameEnd(int i) {
        return index[i * STRIDE + 1];
    }

    /** Where the value of line {@code i} begins in {@link #block()}, without leading white space. */
    public int valueStart(int i) {
        return index[i * STRIDE + 2];
    }

    /** Where the value of line {@code i} ends in {@link #block()}, without trailing white space. */
    public int valueEnd(int i) {
        return index[i * STRIDE + 3];
    }

    @Override
    public String toString() {
        return size == 0 ? "" : text(lineStart(0), end);
    }

    private String text(int start, int end) {
        return new String(block, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** These lines, but with {@code value} as the only one of that name, which is given in lower case. */
    public Fields with(String lowerCaseName, String value) {
        Builder builder = new Builder(size + 1);
        for (int i = 0; i < size; i++) {
            if (!nameEquals(i, lowerCaseName)) {
                builder.copy(this, i);
            }
        }
        return builder.add(lowerCaseName, value).build();
    }

    /** These lines as they stand, at the same places, in {@code other}. */
    Fields in(byte[] other) {
        return new Fields(other, index, size, end, known);
    }

    /** A builder with room for {@code lines} lines. */
    public static Builder builder(int lines) {
        return new Builder(lines);
    }

    /** A builder with room for {@code lines} lines that have {@code bytes} bytes together. */
    public static Builder builder(int lines, int bytes) {
        return new Builder(lines, bytes);
    }

    /**
     * Collects lines, either as text or as positions inside a block that was parsed; confined to one thread. The parser is
     * responsible for the grammar of what it indexes; text is checked here, so that no line break can be injected.
     */
    public static final class Builder {
        private static final int SPARE = 128;

        private int[] index;
        private byte[] bytes;
        private int length;
        private int size;
        private long seen;

        Builder(int lines) {
            this(lines, 0);
        }

        Builder(int lines, int bytes) {
            this.bytes = new byte[bytes];
            this.index = new int[Math.max(1, lines) * STRIDE];
        }

        /**
         * Appends {@code name: value}.
         *
         * @throws IllegalArgumentException if either holds CR, LF, NUL or a character beyond ISO-8859-1
         */
        public Builder add(String name, String value) {
            makeRoom(name.length() + value.length() + 4);
            int start = length;
            append(name);
            int nameEnd = length;
            bytes[length++] = ':';
            bytes[length++] = ' ';
            int valueStart = length;
            append(value);
            int valueEnd = length;
            bytes[length++] = '\r';
            bytes[length++] = '\n';
            line(bytes, start, nameEnd, valueStart, valueEnd);
            return this;
        }

        /** Appends line {@code i} of {@code from} as it stands there. */
        public Builder copy(Fields from, int i) {
            return copy(from, i, i + 1);
        }

        /** Appends all lines of {@code from} as they stand there. */
        public Builder addAll(Fields from) {
            return copy(from, 0, from.size);
        }

        /** Appends the lines {@code [first, end)} of {@code from} as they stand there, which were checked when they got there. */
        public Builder copy(Fields from, int first, int end) {
            if (first == end) {
                return this;
            }
            int start = from.lineStart(first);
            int count = from.lineEnd(end - 1) - start;
            int moved = length - start;
            makeRoom(count);
            System.arraycopy(from.block, start, bytes, length, count);
            length += count;
            int used = size * STRIDE;
            int more = (end - first) * STRIDE;
            if (used + more > index.length) {
                index = Arrays.copyOf(index, Math.max(index.length * 2, used + more));
            }
            System.arraycopy(from.index, first * STRIDE, index, used, more);
            if (moved != 0) {
                for (int at = used; at < used + more; at += STRIDE) {
                    // The code of a known name stays, the four positions before it move.
                    index[at] += moved;
                    index[at + 1] += moved;
                    index[at + 2] += moved;
                    index[at + 3] += moved;
                }
            }
            size += end - first;
            seen |= from.known;
            return this;
        }

        private void makeRoom(int needed) {
            if (bytes.length - length < needed) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + Math.max(256, needed)));
            }
        }

        /** Appends {@code name: value} with the known name's spelling. */
        public Builder add(FieldName name, String value) {
            return add(name.text(), value);
        }

        /**
         * Records a line that stands in {@code block}, which {@link #build(byte[])} will be given: its name is
         * {@code [start, nameEnd)} and its value {@code [valueStart, valueEnd)}. Lines must adjoin each other.
         */
        public void line(byte[] block, int start, int nameEnd, int valueStart, int valueEnd) {
            int at = size * STRIDE;
            if (at == index.length) {
                index = Arrays.copyOf(index, index.length * 2);
            }
            FieldName known = FieldName.of(block, start, nameEnd);
            index[at] = start;
            index[at + 1] = nameEnd;
            index[at + 2] = valueStart;
            index[at + 3] = valueEnd;
            index[at + 4] = known == null ? -1 : known.code();
            seen |= known == null ? 0 : 1L << known.code();
            size++;
        }

        /** How many lines were added. */
        public int size() {
            return size;
        }

        /** The lines that were added as text. */
        public Fields build() {
            // What is a little too large is copied by nobody; what is added later stands behind the end of these.
            byte[] block = bytes.length - length > SPARE ? Arrays.copyOf(bytes, length) : bytes;
            return size == 0 ? EMPTY : new Fields(block, index, size, length, seen);
        }

        /** The lines that were recorded in {@code block}, which ends with the last line's CRLF. */
        public Fields build(byte[] block) {
            return build(block, block.length);
        }

        /** The lines that were recorded in {@code block}, the last of which ends, with its CRLF, at {@code end}. */
        public Fields build(byte[] block, int end) {
            return size == 0 ? EMPTY : new Fields(block, index, size, end, seen);
        }

        private void append(String text) {
            byte[] into = bytes;
            int at = length;
            int count = text.length();
            for (int i = 0; i < count; i++) {
                char c = text.charAt(i);
                if (c > 255 || (c <= '\r' && (c == '\r' || c == '\n' || c == 0))) {
                    throw new IllegalArgumentException("field: character " + (int) c + " at " + i
                            + " (expected: ISO-8859-1 without CR, LF and NUL)");
                }
                into[at + i] = (byte) c;
            }
            length = at + count;
        }
    }
}
