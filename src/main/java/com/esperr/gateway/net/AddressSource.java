package com.esperr.gateway.net;

/** Where a client address was learned. */
public enum AddressSource {
    /** The other end of the connection. */
    PEER("peer"),
    /** A PROXY protocol header of a balancer in front, which stands for the other end. */
    PROXY_PROTOCOL("proxy-protocol"),
    /** A trusted proxy that asked about the request, and said who had sent it. */
    AUTHZ("authz"),
    /** An {@code X-Forwarded-For} list of trusted proxies. */
    X_FORWARDED_FOR("x-forwarded-for"),
    /** An RFC 7239 {@code Forwarded} list of trusted proxies. */
    FORWARDED("forwarded"),
    /** The one header that the configuration names. */
    HEADER("header"),
    /** Nowhere: the request was described without one, and the address beside this stands for nobody. */
    UNKNOWN("unknown");

    private final String text;

    AddressSource(String text) {
        this.text = text;
    }

    /** The word for logs and metric labels. */
    public String text() {
        return text;
    }
}
