package com.esperr.gateway.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * One IPv4 or IPv6 address as a value: the only form in which an address travels through the gateway. Reading one from text never
 * asks DNS and knows one spelling rule per family, so that two parsers can never disagree about who a client is. An IPv4-mapped
 * address ({@code ::ffff:192.0.2.1}) is the IPv4 address. Immutable; the text form is computed on first use and kept.
 */
public final class IpAddress implements Comparable<IpAddress> {

    private static final int MAPPED_MARK = 0xffff;

    private final boolean ipv6;
    private final long high;
    private final long low;

    /** A benign race: every thread computes the same text. */
    private @Nullable String text;

    private IpAddress(boolean ipv6, long high, long low) {
        this.ipv6 = ipv6;
        this.high = high;
        this.low = low;
    }

    /** The IPv4 address whose 32 bits are {@code bits}. */
    public static IpAddress ofIpv4(int bits) {
        return new IpAddress(false, 0, bits & 0xffff_ffffL);
    }

    /** The IPv6 address of two 64-bit halves, or the IPv4 address mapped into them. */
    public static IpAddress ofIpv6(long high, long low) {
        if (high == 0 && low >>> 32 == MAPPED_MARK) {
            return ofIpv4((int) low);
        }
        return new IpAddress(true, high, low);
    }

    /** The address in 4 or 16 bytes of network order. */
    public static IpAddress ofBytes(byte[] bytes) {
        if (bytes.length == 4) {
            return ofIpv4((int) bigEndian(bytes, 0, 4));
        }
        if (bytes.length == 16) {
            return ofIpv6(bigEndian(bytes, 0, 8), bigEndian(bytes, 8, 8));
        }
        throw new IllegalArgumentException("address bytes: " + bytes.length + " (expected: 4 or 16)");
    }

    /** The address of a socket; a scope identifier is dropped, because it means nothing beyond this machine. */
    public static IpAddress of(InetAddress address) {
        return ofBytes(address.getAddress());
    }

    /** Reads an address, or fails with a message that names what was expected. */
    public static IpAddress parse(String text) {
        IpAddress address = parseOrNull(text);
        if (address == null) {
            throw new IllegalArgumentException(text + " (expected: an IP address such as 192.0.2.10 or 2001:db8::1)");
        }
        return address;
    }

    /** Reads an address, or answers null for anything that is not exactly one. */
    public static @Nullable IpAddress parseOrNull(String text) {
        return parseOrNull(text, 0, text.length());
    }

    /** Reads the address that fills {@code text} from {@code from} to {@code to}, or answers null. */
    public static @Nullable IpAddress parseOrNull(String text, int from, int to) {
        return IpText.parse(text, from, to);
    }

    public boolean isIpv6() {
        return ipv6;
    }

    /** The width of the family: 32 or 128. */
    public int width() {
        return ipv6 ? 128 : 32;
    }

    /** The upper 64 bits of an IPv6 address; 0 for IPv4. */
    public long high() {
        return high;
    }

    /** The lower 64 bits of an IPv6 address; the unsigned 32 bits of an IPv4 address. */
    public long low() {
        return low;
    }

    /** The network address of the {@code bits}-wide prefix this address is in. */
    public IpAddress prefix(int bits) {
        if (bits < 0 || bits > width()) {
            throw new IllegalArgumentException("prefix: " + bits + " (expected: 0.." + width() + ")");
        }
        if (bits == width()) {
            return this;
        }
        if (!ipv6) {
            return new IpAddress(false, 0, low & leadingOnes(bits + 32));
        }
        long keptHigh = high & leadingOnes(Math.min(bits, 64));
        long keptLow = low & leadingOnes(Math.max(bits - 64, 0));
        return new IpAddress(true, keptHigh, keptLow);
    }

    /** Whether this is in 127.0.0.0/8 or is ::1. */
    public boolean isLoopback() {
        return ipv6 ? high == 0 && low == 1 : low >>> 24 == 127;
    }

    /** The address as 4 or 16 bytes in network order. */
    public byte[] bytes() {
        byte[] bytes = new byte[width() / 8];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            long half = fromEnd < 8 ? low : high;
            bytes[i] = (byte) (half >>> (fromEnd % 8 * 8));
        }
        return bytes;
    }

    /** The address for a socket. */
    public InetAddress inetAddress() {
        try {
            return InetAddress.getByAddress(bytes());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The canonical text: dotted decimal, or RFC 5952 for IPv6. */
    @Override
    public String toString() {
        String known = text;
        if (known == null) {
            known = IpText.format(this);
            text = known;
        }
        return known;
    }

    /** IPv4 before IPv6, then by unsigned value. */
    @Override
    public int compareTo(IpAddress other) {
        if (ipv6 != other.ipv6) {
            return ipv6 ? 1 : -1;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress that && ipv6 == that.ipv6 && high == that.high && low == that.low;
    }

    @Override
    public int hashCode() {
        // Mixed, because an attacker chooses the lower half of his IPv6 addresses and would otherwise aim at one hash
        // bucket.
        long mixed = (high * 0x9e37_79b9_7f4a_7c15L) ^ (low * 0xc2b2_ae3d_27d4_eb4fL);
        mixed ^= mixed >>> 29;
        return (int) (mixed ^ mixed >>> 32);
    }

    /** The last address of the {@code bits}-wide prefix this address is in. */
    IpAddress lastOf(int bits) {
        if (!ipv6) {
            return new IpAddress(false, 0, low | (~leadingOnes(bits + 32) & 0xffff_ffffL));
        }
        long lastHigh = high | ~leadingOnes(Math.min(bits, 64));
        long lastLow = low | ~leadingOnes(Math.max(bits - 64, 0));
        return new IpAddress(true, lastHigh, lastLow);
    }

    private static long leadingOnes(int count) {
        return count == 0 ? 0 : -1L << (64 - count);
    }

    private static long bigEndian(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = value << 8 | (bytes[i] & 0xff);
        }
        return value;
    }
}
