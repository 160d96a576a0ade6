package com.esperr.gateway.net;

/**
 * The other end of a connection, for whoever asks where a request comes from: the address of the socket, or what a balancer in
 * front has said of it. Immutable.
 *
 * @param source {@link AddressSource#PEER} or {@link AddressSource#PROXY_PROTOCOL}
 */
public record Peer(IpAddress address, AddressSource source) {
    /** The other end of a unix socket: somebody on this machine. */
    public static final Peer UNIX = direct(IpAddress.ofIpv4(0x7f00_0001));

    /** The other end as the socket shows it. */
    public static Peer direct(IpAddress address) {
        return new Peer(address, AddressSource.PEER);
    }

    /** What a balancer has said. */
    public static Peer told(IpAddress address) {
        return new Peer(address, AddressSource.PROXY_PROTOCOL);
    }
}
