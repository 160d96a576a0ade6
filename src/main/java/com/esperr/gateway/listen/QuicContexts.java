package com.esperr.gateway.listen;

import com.esperr.gateway.transport.CertificateFiles;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.util.Mapping;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The certificates of the listener as QUIC shows them, by the names they are for. Immutable. */
final class QuicContexts {
    private final Mapping<String, QuicSslContext> byName;

    private QuicContexts(Mapping<String, QuicSslContext> byName) {
        this.byName = byName;
    }

    /**
     * Reads all files.
     *
     * @throws IOException if one cannot be used; the message names it
     */
    static QuicContexts load(ListenTlsConfig config) throws IOException {
        List<ShownCertificate> certificates = new ArrayList<>();
        List<QuicSslContext> contexts = new ArrayList<>();
        for (CertificateFiles files : config.certificates()) {
            certificates.add(ShownCertificate.read(files));
            contexts.add(context(config, files));
        }
        return new QuicContexts(NamedContexts.of(certificates, contexts));
    }

    /** The context for a name that was asked for, or the first one. */
    QuicSslContext of(String name) {
        return byName.map(name);
    }

    private static QuicSslContext context(ListenTlsConfig config, CertificateFiles files) throws IOException {
        try {
            return QuicSslContextBuilder.forServer(
                            files.keyFile().toFile(),
                            null,
                            files.certificateFile().toFile())
                    .applicationProtocols("h3")
                    // What comes before the handshake is over can be sent again by others (RFC 8470 section 3).
                    .earlyData(false)
                    .sessionTimeout(config.sessions().timeout().toSeconds())
                    .build();
        } catch (IllegalArgumentException | IllegalStateException unusable) {
            throw new IOException(files.certificateFile() + ": " + unusable.getMessage(), unusable);
        }
    }
}
