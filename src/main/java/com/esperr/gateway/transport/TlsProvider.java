package com.esperr.gateway.transport;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who does the cryptography of TLS in this process: BoringSSL, or the JDK where that does not load. Immutable. */
public final class TlsProvider {
    private static final Logger LOG = LoggerFactory.getLogger(TlsProvider.class);
    private static final SslProvider CHOSEN = choose();

    private TlsProvider() {}

    /** The one that is used, always the same; the slower one is announced with its first use. */
    public static SslProvider chosen() {
        return CHOSEN;
    }

    /** The cipher suites that it knows, under the names that Java gives them. */
    public static Set<String> suites() {
        return CHOSEN == SslProvider.OPENSSL ? OpenSsl.availableJavaCipherSuites() : Set.of(jdk().getCipherSuites());
    }

    /** Whether it can staple what an authority says about a certificate. */
    public static boolean staples() {
        return CHOSEN == SslProvider.OPENSSL && OpenSsl.isOcspSupported();
    }

    private static SSLParameters jdk() {
        try {
            return SSLContext.getDefault().getSupportedSSLParameters();
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every JDK speaks TLS", absent);
        }
    }

    private static SslProvider choose() {
        if (OpenSsl.isAvailable()) {
            return SslProvider.OPENSSL;
        }
        LOG.warn(
                "BoringSSL does not load here, TLS is done by the JDK and costs more: {}",
                String.valueOf(OpenSsl.unavailabilityCause()));
        // BoringSSL never lets a client begin a handshake anew (RFC 9113 section 9.2.1, CVE-2011-1473), the JDK only if
        // it is told.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        return SslProvider.JDK;
    }
}
