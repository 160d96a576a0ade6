package com.esperr.gateway.tls;

import org.jspecify.annotations.Nullable;

/** What was agreed on with a visitor's connection, and what he said first. Immutable but for what is computed when first asked for; thread-safe. */
public final class TlsSession {
    private final String version;
    private final String cipher;
    private final @Nullable ClientHello hello;
    private final boolean certificateWanted;
    private final @Nullable ClientIdentity client;
    // Whoever computes it twice gets the same text.
    private @Nullable String ja4;

    /**
     * A session.
     *
     * @param version as {@code TLSv1.3}
     * @param cipher the suite's name as Java writes it
     * @param hello what the visitor said first, or null if it could not be read
     * @param certificateWanted whether he was asked for a certificate
     * @param client whom his certificate names, which was verified; null if he showed none
     */
    public TlsSession(
            String version,
            String cipher,
            @Nullable ClientHello hello,
            boolean certificateWanted,
            @Nullable ClientIdentity client) {
        this.version = version;
        this.cipher = cipher;
        this.hello = hello;
        this.certificateWanted = certificateWanted;
        this.client = client;
    }

    /** The version, as {@code TLSv1.3}. */
    public String version() {
        return version;
    }

    /** The name of the cipher suite. */
    public String cipher() {
        return cipher;
    }

    /** The name that was asked for (SNI), or null. */
    public @Nullable String serverName() {
        return hello == null ? null : hello.serverName();
    }

    /** The fingerprint of the client, computed when first asked for; null if what it said first could not be read. */
    public @Nullable String ja4() {
        String known = ja4;
        if (known == null && hello != null) {
            known = Ja4.of(hello);
            ja4 = known;
        }
        return known;
    }

    /** Whether the visitor was asked for a certificate. */
    public boolean certificateWanted() {
        return certificateWanted;
    }

    /** Whom the visitor's certificate names, or null if he showed none. */
    public @Nullable ClientIdentity client() {
        return client;
    }
}
