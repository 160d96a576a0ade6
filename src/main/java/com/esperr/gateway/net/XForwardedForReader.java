package com.esperr.gateway.net;

import org.jspecify.annotations.Nullable;

/** Reads one {@code X-Forwarded-For} line from the right: addresses between commas, empty ones skipped (RFC 9110 5.6.1). */
final class XForwardedForReader implements HopReader {

    private final String line;

    private int from;
    private int to;

    XForwardedForReader(String line) {
        this.line = line;
        this.from = line.length() + 1;
        this.to = line.length();
    }

    @Override
    public boolean next() {
        while (from > 0) {
            to = from - 1;
            from = line.lastIndexOf(',', to - 1) + 1;
            if (!NodeText.isBlank(line, from, to)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable IpAddress address() {
        return NodeText.lenient(line, from, to);
    }
}
