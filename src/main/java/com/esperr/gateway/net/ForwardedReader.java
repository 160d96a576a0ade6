package com.esperr.gateway.net;

import org.jspecify.annotations.Nullable;

/**
 * Reads one {@code Forwarded} line (RFC 7239) from the right. From the right also within the line: a visitor who sends an unclosed
 * quote would otherwise swallow the element that our own proxy appended behind it. A comma can stand inside a quoted string, so a
 * piece that is no element is tried again with more text on its left, a few times; then the line is junk.
 */
final class ForwardedReader implements HopReader {

    /** Quoted commas in one element; honest elements have none. Bounds the work on a line of nothing but commas. */
    private static final int MAX_QUOTED_COMMAS = 8;

    private final String line;

    private int from;
    private @Nullable ForwardedElement element;

    ForwardedReader(String line) {
        this.line = line;
        this.from = line.length() + 1;
    }

    @Override
    public boolean next() {
        while (from > 0) {
            int to = from - 1;
            from = commaBefore(to) + 1;
            if (!NodeText.isBlank(line, from, to)) {
                readElement(to);
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable IpAddress address() {
        ForwardedElement current = element;
        return current == null ? null : current.address();
    }

    private void readElement(int to) {
        element = ForwardedElement.parse(line, from, to);
        for (int i = 0; element == null && from > 0 && i < MAX_QUOTED_COMMAS; i++) {
            from = commaBefore(from - 1) + 1;
            element = ForwardedElement.parse(line, from, to);
        }
    }

    private int commaBefore(int index) {
        return line.lastIndexOf(',', index - 1);
    }
}
