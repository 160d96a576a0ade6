package com.esperr.gateway.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A set of networks that answers membership by binary search over sorted, merged ranges held in plain arrays, so that a look-up
 * allocates nothing and costs the logarithm of the number of networks. Immutable.
 */
public final class CidrSet {

    private static final CidrSet EMPTY = new CidrSet(List.of());

    /** Both ends are inclusive; IPv4 values are unsigned 32 bits in a long and need no unsigned comparison. */
    private final long[] ipv4First;

    private final long[] ipv4Last;
    private final IpAddress[] ipv6First;
    private final IpAddress[] ipv6Last;

    private CidrSet(List<Range> merged) {
        List<Range> ipv4 = merged.stream().filter(r -> !r.first().isIpv6()).toList();
        List<Range> ipv6 = merged.stream().filter(r -> r.first().isIpv6()).toList();
        ipv4First = ipv4.stream().mapToLong(r -> r.first().low()).toArray();
        ipv4Last = ipv4.stream().mapToLong(r -> r.last().low()).toArray();
        ipv6First = ipv6.stream().map(Range::first).toArray(IpAddress[]::new);
        ipv6Last = ipv6.stream().map(Range::last).toArray(IpAddress[]::new);
    }

    /** The set that contains nothing. */
    public static CidrSet empty() {
        return EMPTY;
    }

    /** The union of {@code networks}. */
    public static CidrSet of(Collection<Cidr> networks) {
        List<Range> sorted = networks.stream()
                .map(cidr -> new Range(cidr.network(), cidr.last()))
                .sorted(Comparator.comparing(Range::first).thenComparing(Range::last))
                .toList();
        List<Range> merged = new ArrayList<>(sorted.size());
        for (Range range : sorted) {
            int top = merged.size() - 1;
            if (top >= 0 && merged.get(top).meets(range)) {
                merged.set(top, merged.get(top).joined(range));
            } else {
                merged.add(range);
            }
        }
        return new CidrSet(merged);
    }

    /** The union of texts as {@link Cidr#parseNamed} reads them; fails with the message of the first that is none. */
    public static CidrSet parse(Collection<String> texts) {
        return of(texts.stream().flatMap(text -> Cidr.parseNamed(text).stream()).toList());
    }

    /** Whether one of the networks contains {@code address}. */
    public boolean contains(IpAddress address) {
        return address.isIpv6() ? containsIpv6(address) : containsIpv4(address.low());
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    /** The number of separate ranges after merging. */
    public int size() {
        return ipv4First.length + ipv6First.length;
    }

    @Override
    public String toString() {
        return "CidrSet[" + size() + " ranges]";
    }

    private boolean containsIpv4(long value) {
        int from = 0;
        int to = ipv4First.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            if (value < ipv4First[middle]) {
                to = middle - 1;
            } else if (value > ipv4Last[middle]) {
                from = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    private boolean containsIpv6(IpAddress address) {
        int from = 0;
        int to = ipv6First.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            if (address.compareTo(ipv6First[middle]) < 0) {
                to = middle - 1;
            } else if (address.compareTo(ipv6Last[middle]) > 0) {
                from = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    private record Range(IpAddress first, IpAddress last) {

        /** Whether {@code next}, which starts no earlier, overlaps. CIDR blocks either nest or are apart. */
        boolean meets(Range next) {
            return next.first.isIpv6() == first.isIpv6() && next.first.compareTo(last) <= 0;
        }

        Range joined(Range next) {
            return new Range(first, last.compareTo(next.last) >= 0 ? last : next.last);
        }
    }
}
