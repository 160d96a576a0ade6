package com.esperr.gateway.net;

/**
 * The other end of a connection, for whoever asks where a request comes from: the address of the socket, or what a balancer in
 * front has said of it. Immutable.
 *
 * @param source {@link AddressSource#PEER}, {@link AddressSource#PROXY_PROTOCOL} or {@link AddressSource#AUTHZ}
 * @param forwards whether what it writes about whom it forwards may count
 */
public record Peer(IpAddress address, AddressSource source, boolean forwards) {
    /** The other end of a unix socket: somebody on this machine. */
    public static final Peer UNIX = direct(IpAddress.ofIpv4(0x7f00_0001));

    /** The other end as the socket shows it. */
    public static Peer direct(IpAddress address) {
        return new Peer(address, AddressSource.PEER, true);
    }

    /** Who sent the request that a trusted proxy asks about, as that says. */
    public static Peer asked(IpAddress address) {
        return new Peer(address, AddressSource.AUTHZ, true);
    }

    /** What a balancer has said. */
    public static Peer told(IpAddress address) {
        return new Peer(address, AddressSource.PROXY_PROTOCOL, true);
    }

    /**
     * The same end where it has said in so many words that it names nobody (PROXY {@code LOCAL} and {@code UNKNOWN}): its address
     * counts, as the protocol demands, but not what the requests say of others. Such a balancer passes bytes on as they come, so a
     * visitor would have written it.
     */
    public Peer namingNobody() {
        return new Peer(address, source, false);
    }
}
