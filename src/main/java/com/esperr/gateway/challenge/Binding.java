package com.esperr.gateway.challenge;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.RequestContext;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * By what a pass knows its visitor again. Immutable.
 *
 * @param kinds what of; empty if whoever has the pass is its visitor
 * @param ipv4Prefix how many bits of an IPv4 address are his network
 * @param ipv6Prefix how many of an IPv6 address
 */
public record Binding(Set<Kind> kinds, int ipv4Prefix, int ipv6Prefix) {
    /** What a pass can be bound to. */
    public enum Kind {
        /** The visitor's network, one for each address family. */
        NETWORK,
        /** His User-Agent. */
        USER_AGENT;

        /** The kind called so in configuration. */
        static Kind parse(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    /** Nobody's. */
    private static final long NOBODY = 0;

    /** What the visitor of {@code request} can be known by. */
    Bound of(RequestContext request) {
        String agent = request.userAgent();
        IpAddress address = request.client().address();
        boolean network = kinds.contains(Kind.NETWORK);
        return new Bound(
                kinds.contains(Kind.USER_AGENT) ? mark(Fingerprint.of("agent", agent == null ? "" : agent)) : NOBODY,
                network && !address.isIpv6() ? network(address, ipv4Prefix) : NOBODY,
                network && address.isIpv6() ? network(address, ipv6Prefix) : NOBODY);
    }

    private static long network(IpAddress address, int prefix) {
        return mark(Fingerprint.of("network", address.prefix(prefix).toString()));
    }

    private static long mark(Fingerprint fingerprint) {
        return fingerprint.high() == NOBODY ? 1 : fingerprint.high();
    }

    /** Whether whoever is {@code shown} is the one whom {@code known} tells of. */
    boolean same(Bound known, Bound shown) {
        return sameAgent(known, shown)
                && (!kinds.contains(Kind.NETWORK)
                        || (shown.ipv4 == NOBODY ? meets(known.ipv6, shown.ipv6) : meets(known.ipv4, shown.ipv4)));
    }

    /** Whether it may be the same browser, wherever it is now. */
    boolean sameAgent(Bound known, Bound shown) {
        return !kinds.contains(Kind.USER_AGENT) || meets(known.agent, shown.agent);
    }

    private static boolean meets(long known, long shown) {
        return known != NOBODY && known == shown;
    }

    /** What a change of makes other passes. */
    int version() {
        return Objects.hash(kinds.contains(Kind.NETWORK), kinds.contains(Kind.USER_AGENT), ipv4Prefix, ipv6Prefix);
    }

    /**
     * Hashes of what one visitor is known by, 0 for what is not looked at or not known.
     *
     * @param agent of the User-Agent
     * @param ipv4 of the IPv4 network
     * @param ipv6 of the IPv6 network
     */
    record Bound(long agent, long ipv4, long ipv6) {
        /** The same in one. */
        Fingerprint print() {
            return Fingerprint.of("bound", Long.toHexString(agent), Long.toHexString(ipv4), Long.toHexString(ipv6));
        }

        /** This, and the network of the other family that {@code before} knows. */
        Bound with(Bound before) {
            return new Bound(agent, ipv4 == NOBODY ? before.ipv4 : ipv4, ipv6 == NOBODY ? before.ipv6 : ipv6);
        }
    }
}
