package com.esperr.gateway.tls;

/** Types of extensions of a ClientHello that are looked into (IANA, TLS ExtensionType Values). Constants. */
final class ExtensionType {
    static final int SERVER_NAME = 0;
    static final int SIGNATURE_ALGORITHMS = 13;
    static final int ALPN = 16;
    static final int SUPPORTED_VERSIONS = 43;

    private ExtensionType() {}
}
