package com.esperr.gateway.transport;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How TLS is spoken to a service that is called. Stateless. */
final class ClientTls {
    private ClientTls() {}

    /**
     * TLS 1.2 and 1.3 by BoringSSL, or by the JDK where that does not load; the certificate must be for the host.
     *
     * @throws IllegalArgumentException if the file holds no usable certificates
     */
    static SslContext context(@Nullable Path caFile) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                // Netty's own default since 4.2, said here because the API key depends on it.
                .endpointIdentificationAlgorithm("HTTPS");
        try {
            if (caFile != null) {
                builder.trustManager(caFile.toFile());
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "ca-file: " + caFile + ": " + e.getMessage() + " (expected: a PEM file of certificates)", e);
        }
    }
}
