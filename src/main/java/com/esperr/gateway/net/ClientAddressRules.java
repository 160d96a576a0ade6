package com.esperr.gateway.net;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the client behind trusted proxies. Anybody can send a forwarding header, so it counts only as far as it was written by
 * proxies of ours:
 *
 * <ol>
 *   <li>The peer is not trusted, or said that it names nobody: the peer is the client, whatever else it says.
 *   <li>The peer is trusted: the list is read from the right, over all header lines, last line first. Trusted addresses are
 *       skipped; the first other one is the client. What stands left of it was written by strangers and is not looked at.
 *   <li>An entry that is no address (junk, {@code unknown}, an obfuscated name, an address with a zone) ends the walk: the client is
 *       the last good address, the one nearest to us, because everything further left passed through hands we do not know.
 *   <li>All entries are trusted: the leftmost is the client. No entries: the peer.
 *   <li>At most {@value #MAX_HOPS} entries are looked at.
 * </ol>
 *
 * A single-address header from a trusted peer is the client if it is there exactly once and is an address; otherwise the peer is.
 * Ports and brackets are dropped. Immutable; the call for an untrusted peer touches no header.
 */
public final class ClientAddressRules {

    static final int MAX_HOPS = 64;

    private final CidrSet trusted;
    private final ForwardingHeader header;

    public ClientAddressRules(CidrSet trusted, ForwardingHeader header) {
        this.trusted = trusted;
        this.header = header;
    }

    /** The client of a request that came over a connection from {@code peer}. */
    public ClientAddress resolve(IpAddress peer, HeaderValues headers) {
        return resolve(Peer.direct(peer), headers);
    }

    /** The client of a request that came over a connection from {@code peer}. */
    public ClientAddress resolve(Peer peer, HeaderValues headers) {
        if (!peer.forwards() || !trusted.contains(peer.address())) {
            return new ClientAddress(peer.address(), peer.source(), false);
        }
        List<String> lines = headers.all(header.lowerCaseName());
        IpAddress named = switch (header.source()) {
            case PEER, PROXY_PROTOCOL, AUTHZ, UNKNOWN -> null;
            case X_FORWARDED_FOR -> walk(lines, XForwardedForReader::new);
            case FORWARDED -> walk(lines, ForwardedReader::new);
            case HEADER -> lines.size() == 1 ? NodeText.lenient(lines.get(0)) : null;
        };
        return named == null
                ? new ClientAddress(peer.address(), peer.source(), true)
                : new ClientAddress(named, header.source(), true);
    }

    /** Whether {@code peer} is a proxy of ours. */
    public boolean trusts(Peer peer) {
        return peer.forwards() && trusted.contains(peer.address());
    }

    /** Whether no peer is trusted, so that forwarding headers never count. */
    public boolean trustsNobody() {
        return trusted.isEmpty();
    }

    /** The lower-case name of the header in which trusted proxies name the client. */
    public String addressHeader() {
        return header.lowerCaseName();
    }

    private @Nullable IpAddress walk(List<String> lines, HopReader.Factory factory) {
        IpAddress nearest = null;
        int hops = 0;
        for (int i = lines.size() - 1; i >= 0; i--) {
            HopReader line = factory.open(lines.get(i));
            while (line.next()) {
                IpAddress hop = line.address();
                if (hop == null || ++hops > MAX_HOPS) {
                    return nearest;
                }
                nearest = hop;
                if (!trusted.contains(hop)) {
                    return nearest;
                }
            }
        }
        return nearest;
    }
}
