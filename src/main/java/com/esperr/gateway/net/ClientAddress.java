package com.esperr.gateway.net;

/**
 * Who the client is, how that was learned, and whether the other end of the connection is a proxy of ours. Immutable.
 *
 * @param peerTrusted whether the peer is in the trusted networks, which also decides if its forwarding headers are continued
 */
public record ClientAddress(IpAddress address, AddressSource source, boolean peerTrusted) {}
