package com.esperr.gateway.net;

import java.util.List;

/**
 * One network: an address and how many of its leading bits count. The address has no bits beyond the prefix, because a text such
 * as {@code 10.1.2.3/8} is more often a slip than a wish. Immutable.
 */
public record Cidr(IpAddress network, int bits) {

    public Cidr {
        if (bits < 0 || bits > network.width()) {
            throw new IllegalArgumentException("prefix: " + bits + " (expected: 0.." + network.width() + ")");
        }
        IpAddress masked = network.prefix(bits);
        if (!masked.equals(network)) {
            throw new IllegalArgumentException(network + "/" + bits
                    + " (expected: no address bits beyond the prefix, such as " + masked + "/" + bits + ")");
        }
    }

    /** Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address. */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parseOrNull(text, 0, slash < 0 ? text.length() : slash);
        if (address == null) {
            throw unreadable(text);
        }
        if (slash < 0) {
            return new Cidr(address, address.width());
        }
        int bits = prefixLength(text, slash + 1);
        boolean mapped = !address.isIpv6() && text.lastIndexOf(':', slash) >= 0;
        if (bits < 0 || mapped) {
            throw unreadable(text);
        }
        if (bits > address.width()) {
            throw new IllegalArgumentException(text + " (expected: a prefix of 0.." + address.width() + " bits)");
        }
        return new Cidr(address, bits);
    }

    /** Reads what {@link #parse} reads, or one of the names {@code loopback} and {@code private}, which stand for several networks. */
    public static List<Cidr> parseNamed(String text) {
        return switch (text) {
            case "loopback" -> List.of(parse("127.0.0.0/8"), parse("::1"));
            case "private" ->
                List.of(parse("10.0.0.0/8"), parse("172.16.0.0/12"), parse("192.168.0.0/16"), parse("fc00::/7"));
            default -> List.of(parse(text));
        };
    }

    /** Whether {@code address} is in this network. */
    public boolean contains(IpAddress address) {
        return address.isIpv6() == network.isIpv6()
                && network.compareTo(address) <= 0
                && address.compareTo(last()) <= 0;
    }

    /** The highest address of this network. */
    IpAddress last() {
        return network.lastOf(bits);
    }

    @Override
    public String toString() {
        return network + "/" + bits;
    }

    private static int prefixLength(String text, int from) {
        int digits = text.length() - from;
        if (digits < 1 || digits > 3 || (digits > 1 && text.charAt(from) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    private static IllegalArgumentException unreadable(String text) {
        return new IllegalArgumentException(text
                + " (expected: a network such as 10.0.0.0/8 or 2001:db8::/32, a single address, loopback or private)");
    }
}
