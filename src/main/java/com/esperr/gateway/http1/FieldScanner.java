package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.Fields;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads field lines up to the empty line, strictly (RFC 9112 section 5): token names, no space before the colon, no
 * folding, CRLF only. It stops and continues at any byte, so the result never depends on how the bytes were cut, and each
 * byte is looked at twice at most. Where heads are read, who says the same again, byte for byte, gets the lines of last time, which
 * nobody can change, with the text of what was asked for then. Confined to the event loop of its channel.
 */
final class FieldScanner {
    private enum State {
        LINE_START,
        NAME,
        SPACE,
        VALUE,
        LINE_FEED,
        LAST_LINE_FEED
    }

    /** The longest block whose lines are remembered, and the most of these: a browser's with a few cookies. */
    private static final int REMEMBERED_BYTES = 2048;

    private static final int REMEMBERED_LINES = 40;

    private final int maxBytes;
    private final int maxCount;
    private final FailureReason malformed;
    private final boolean remembers;

    private State state = State.LINE_START;
    private Fields.Builder lines = Fields.builder(1);
    private int expectedLines = 16;
    private Fields before = Fields.EMPTY;
    private @Nullable Fields repeated;
    private int begin;
    private int position;
    private int limit;
    private int lineStart;
    private int nameEnd;
    private int valueStart;
    private int valueEnd;
    private @Nullable BadMessage fault;

    /** A scanner of the lines of heads, which often come again, that calls what breaks the grammar {@code malformed}. */
    static FieldScanner ofHeads(DecoderLimits limits, FailureReason malformed) {
        return new FieldScanner(limits, malformed, true);
    }

    /** The same for trailers, which do not. */
    static FieldScanner ofTrailers(DecoderLimits limits, FailureReason malformed) {
        return new FieldScanner(limits, malformed, false);
    }

    private FieldScanner(DecoderLimits limits, FailureReason malformed, boolean remembers) {
        this.remembers = remembers;
        this.maxBytes = limits.headerBytes();
        this.maxCount = limits.headerCount();
        this.malformed = malformed;
    }

    /** Prepares for lines that begin at {@code start} of the array. */
    void begin(int start) {
        state = State.LINE_START;
        repeated = null;
        begin = start;
        position = start;
        limit = start + maxBytes;
        fault = null;
    }

    /** Reads on in {@code bytes}, of which {@code to} are there. */
    Scan scan(byte[] bytes, int to) {
        int i = position;
        if (i == begin) {
            if (repeats(bytes, to)) {
                return Scan.DONE;
            }
            lines = Fields.builder(expectedLines);
        }
        while (i < to) {
            int end = Math.min(to, limit);
            switch (state) {
                case LINE_START -> i = lineStart(bytes, wholeLines(bytes, i, end), to);
                case NAME -> i = i < end ? name(bytes, i, end) : tooLarge();
                case SPACE -> i = i < end ? space(bytes, i, end) : tooLarge();
                case VALUE -> i = i < end ? value(bytes, i, end) : tooLarge();
                case LINE_FEED -> i = i < end ? lineFeed(bytes, i) : tooLarge();
                case LAST_LINE_FEED -> {
                    if (bytes[i] != Octets.LF) {
                        return bad("head: CR without LF");
                    }
                    position = i + 1;
                    return Scan.DONE;
                }
            }
            if (i < 0) {
                return Scan.BAD;
            }
        }
        position = i;
        return Scan.MORE;
    }

    /** Where the empty line ends, after {@code DONE}. */
    int end() {
        return position;
    }

    /** The lines, after {@code DONE}, over the array that holds them, or the same lines over the array of last time. */
    Fields fields(byte[] block) {
        if (repeated != null) {
            return repeated;
        }
        expectedLines = Math.max(4, lines.size() + 2);
        Fields read = lines.build(block, position - 2);
        boolean small = block.length <= REMEMBERED_BYTES && read.size() <= REMEMBERED_LINES;
        before = remembers && small ? read : Fields.EMPTY;
        return read;
    }

    /** Remembers nothing, because nothing comes for a while. */
    void forget() {
        before = Fields.EMPTY;
        lines = Fields.builder(1);
    }

    /** Whether what begins here is, up to its empty line, what stood in the block before; then it is read. */
    private boolean repeats(byte[] bytes, int to) {
        int count = before.length() + 2;
        if (before.size() == 0 || count > to - begin) {
            return false;
        }
        int first = before.lineStart(0);
        byte[] block = before.block();
        if (!Arrays.equals(bytes, begin, begin + count, block, first, first + count)) {
            return false;
        }
        position = begin + count;
        before.keepTexts();
        repeated = before;
        return true;
    }

    /** Why, after {@code BAD}. */
    BadMessage fault() {
        return fault == null ? new BadMessage(malformed, "head: not read") : fault;
    }

    /**
     * Takes the lines that are there as a whole and have nothing odd about them, which is nearly all of them ever, and leaves
     * the rest to the states, where the reasons to refuse are. Returns where the first line begins that was not taken.
     */
    private int wholeLines(byte[] bytes, int from, int end) {
        int start = from;
        while (lines.size() < maxCount) {
            int colon = Octets.skipToken(bytes, start, end);
            if (colon == start || colon >= end || bytes[colon] != ':') {
                break;
            }
            int value = colon + 1;
            while (value < end && Octets.blank(bytes[value])) {
                value++;
            }
            int cr = Octets.skipText(bytes, value, end);
            if (cr + 1 >= end || bytes[cr] != Octets.CR || bytes[cr + 1] != Octets.LF) {
                break;
            }
            lines.line(bytes, start, colon, value, trimmed(bytes, value, cr));
            start = cr + 2;
        }
        return start;
    }

    private int lineStart(byte[] bytes, int i, int to) {
        if (i >= to) {
            return i;
        }
        byte b = bytes[i];
        if (b == Octets.CR) {
            state = State.LAST_LINE_FEED;
            return i + 1;
        }
        if (i >= limit || lines.size() >= maxCount) {
            return tooLarge();
        }
        if (Octets.blank(b)) {
            return refuse("field line: begins with white space (expected: no folding)");
        }
        lineStart = i;
        state = State.NAME;
        return i;
    }

    private int name(byte[] bytes, int from, int end) {
        int i = Octets.skipToken(bytes, from, end);
        if (i == end) {
            return i;
        }
        if (bytes[i] != ':' || i == lineStart) {
            return refuse("field name: empty or not a token (expected: token and colon)");
        }
        nameEnd = i;
        state = State.SPACE;
        return i + 1;
    }

    private int space(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && Octets.blank(bytes[i])) {
            i++;
        }
        if (i < end) {
            valueStart = i;
            state = State.VALUE;
        }
        return i;
    }

    private int value(byte[] bytes, int from, int end) {
        int i = Octets.skipText(bytes, from, end);
        if (i == end) {
            return i;
        }
        if (bytes[i] != Octets.CR) {
            return refuse("field value: control byte or bare LF (expected: text and CRLF)");
        }
        valueEnd = trimmed(bytes, valueStart, i);
        state = State.LINE_FEED;
        return i + 1;
    }

    private static int trimmed(byte[] bytes, int from, int to) {
        int last = to;
        while (last > from && Octets.blank(bytes[last - 1])) {
            last--;
        }
        return last;
    }

    private int lineFeed(byte[] bytes, int i) {
        if (bytes[i] != Octets.LF) {
            return refuse("field line: CR without LF");
        }
        lines.line(bytes, lineStart, nameEnd, valueStart, valueEnd);
        state = State.LINE_START;
        return i + 1;
    }

    private int tooLarge() {
        fault = new BadMessage(
                FailureReason.HEAD_TOO_LARGE,
                "fields: more than " + maxBytes + " bytes or " + maxCount + " lines (expected: fewer)");
        return -1;
    }

    private int refuse(String detail) {
        bad(detail);
        return -1;
    }

    private Scan bad(String detail) {
        fault = new BadMessage(malformed, detail);
        return Scan.BAD;
    }
}
