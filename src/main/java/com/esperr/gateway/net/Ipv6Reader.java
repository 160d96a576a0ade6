package com.esperr.gateway.net;

import org.jspecify.annotations.Nullable;

/**
 * Reads one IPv6 text from left to right, remembering where {@code ::} stood. Used once and dropped; confined to its caller.
 */
final class Ipv6Reader {

    private static final int GROUPS = 8;
    private static final int FAILED = -1;

    private final String text;
    private final int to;

    private int at;
    private int groups;
    private int gapAt = -1;

    /** Groups before the gap fill from the top; the groups after it are shifted to the bottom at the end. */
    private long high;

    private long low;

    Ipv6Reader(String text, int from, int to) {
        this.text = text;
        this.at = from;
        this.to = to;
    }

    @Nullable
    IpAddress read() {
        if (startsWithColon() && !openGap()) {
            return null;
        }
        while (at < to) {
            if (isIpv4Tail()) {
                return readIpv4Tail() ? result() : null;
            }
            int group = readGroup();
            if (group == FAILED || groups == GROUPS) {
                return null;
            }
            push(group);
            if (at < to && !readSeparator()) {
                return null;
            }
        }
        return result();
    }

    private boolean startsWithColon() {
        return text.charAt(at) == ':';
    }

    private boolean openGap() {
        boolean isGap = at + 1 < to && text.charAt(at) == ':' && text.charAt(at + 1) == ':';
        if (!isGap || gapAt >= 0) {
            return false;
        }
        gapAt = groups;
        at += 2;
        return true;
    }

    /** Steps over {@code :} or {@code ::}; a single colon at the end belongs to nothing. */
    private boolean readSeparator() {
        if (text.charAt(at) != ':') {
            return false;
        }
        if (at + 1 < to && text.charAt(at + 1) == ':') {
            return openGap();
        }
        at++;
        return at < to;
    }

    private int readGroup() {
        int start = at;
        int value = 0;
        while (at < to && at - start < 4) {
            int digit = hexDigit(text.charAt(at));
            if (digit < 0) {
                break;
            }
            value = value << 4 | digit;
            at++;
        }
        return at == start ? FAILED : value;
    }

    private boolean isIpv4Tail() {
        int i = at;
        while (i < to && text.charAt(i) != ':' && text.charAt(i) != '.') {
            i++;
        }
        return i < to && text.charAt(i) == '.';
    }

    private boolean readIpv4Tail() {
        long bits = IpText.ipv4(text, at, to);
        if (bits < 0 || groups > GROUPS - 2) {
            return false;
        }
        push((int) (bits >>> 16));
        push((int) bits & 0xffff);
        return true;
    }

    private void push(int group) {
        high = high << 16 | low >>> 48;
        low = low << 16 | group;
        groups++;
    }

    private @Nullable IpAddress result() {
        if (gapAt < 0) {
            return groups == GROUPS ? IpAddress.ofIpv6(high, low) : null;
        }
        // "::" stands for at least one group (RFC 4291 2.2).
        if (groups == GROUPS) {
            return null;
        }
        return widened();
    }

    /** All groups sit at the bottom now; those before the gap move to the top. */
    private IpAddress widened() {
        int after = groups - gapAt;
        long top = 0;
        long bottom = 0;
        for (int i = 0; i < GROUPS; i++) {
            int fromEnd = GROUPS - 1 - i;
            int group = 0;
            if (i < gapAt) {
                group = groupFromEnd(groups - 1 - i);
            } else if (fromEnd < after) {
                group = groupFromEnd(fromEnd);
            }
            top = top << 16 | bottom >>> 48;
            bottom = bottom << 16 | group;
        }
        return IpAddress.ofIpv6(top, bottom);
    }

    private int groupFromEnd(int index) {
        long half = index < 4 ? low : high;
        return (int) (half >>> (index % 4 * 16)) & 0xffff;
    }

    private static int hexDigit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
