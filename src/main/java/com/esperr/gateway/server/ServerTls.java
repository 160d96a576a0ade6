package com.esperr.gateway.server;

import com.esperr.gateway.transport.TlsProvider;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How TLS is spoken to clients of the service. Stateless. */
final class ServerTls {
    private ServerTls() {}

    /**
     * TLS 1.2 and 1.3 with the certificate that is configured, or null if none is.
     *
     * @throws IOException if the files cannot be used; the message names the keys and shows nothing of them
     */
    static @Nullable SslContext context(ServerConfig config) throws IOException {
        Path certificate = config.certificate();
        Path key = config.privateKey();
        if (certificate == null || key == null) {
            return null;
        }
        try {
            return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
                    .sslProvider(TlsProvider.chosen())
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new IOException(
                    "server.tls: " + certificate + " and " + key
                            + " cannot be used (expected: PEM files of a certificate and its key)",
                    unusable);
        }
    }
}
