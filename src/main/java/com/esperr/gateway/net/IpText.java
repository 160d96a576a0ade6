package com.esperr.gateway.net;

import org.jspecify.annotations.Nullable;

/**
 * Address texts, both ways. IPv4 is four decimal numbers without leading zeros (a leading zero is octal to some readers and
 * decimal to others, so it is neither here). IPv6 is every form of RFC 4291 2.2 without zone, and is written as RFC 5952 says.
 * Stateless.
 */
final class IpText {

    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int LONGEST = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".length();
    private static final int GROUPS = 8;

    private IpText() {}

    static @Nullable IpAddress parse(String text, int from, int to) {
        if (to - from < 2 || to - from > LONGEST) {
            return null;
        }
        if (text.indexOf(':', from) >= 0 && text.indexOf(':', from) < to) {
            return new Ipv6Reader(text, from, to).read();
        }
        long bits = ipv4(text, from, to);
        return bits < 0 ? null : IpAddress.ofIpv4((int) bits);
    }

    /** The 32 bits of a dotted quad, or -1. */
    static long ipv4(String text, int from, int to) {
        long bits = 0;
        int at = from;
        for (int octet = 0; octet < 4; octet++) {
            if (octet > 0) {
                if (at >= to || text.charAt(at) != '.') {
                    return -1;
                }
                at++;
            }
            int start = at;
            int value = 0;
            while (at < to && at - start < 3 && isDigit(text.charAt(at))) {
                value = value * 10 + text.charAt(at) - '0';
                at++;
            }
            boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            if (at == start || value > 255 || leadingZero) {
                return -1;
            }
            bits = bits << 8 | value;
        }
        return at == to ? bits : -1;
    }

    static String format(IpAddress address) {
        return address.isIpv6() ? ipv6(address.high(), address.low()) : ipv4(address.low());
    }

    private static String ipv4(long bits) {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }

    private static String ipv6(long high, long low) {
        int zerosFrom = -1;
        int zerosLength = 1; // RFC 5952 4.2.2: a single zero group is not shortened
        for (int i = 0; i < GROUPS; i++) {
            int length = zeroRun(high, low, i);
            if (length > zerosLength) {
                zerosFrom = i;
                zerosLength = length;
            }
        }
        StringBuilder out = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == zerosFrom) {
                out.append("::");
                i += zerosLength - 1;
                continue;
            }
            if (i > 0 && out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            appendHex(out, group(high, low, i));
        }
        return out.toString();
    }

    private static int zeroRun(long high, long low, int from) {
        int end = from;
        while (end < GROUPS && group(high, low, end) == 0) {
            end++;
        }
        return end - from;
    }

    private static int group(long high, long low, int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> ((3 - index % 4) * 16)) & 0xffff;
    }

    private static void appendHex(StringBuilder out, int group) {
        boolean started = false;
        for (int shift = 12; shift >= 0; shift -= 4) {
            int digit = group >>> shift & 0xf;
            if (digit != 0 || started || shift == 0) {
                out.append(HEX[digit]);
                started = true;
            }
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
