package com.esperr.gateway.listen;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.transport.CaFile;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CRL;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whether visitors show certificates, and which ones count: keys {@code client-auth}, {@code client-ca-file} and {@code
 * client-crl-file}. Immutable.
 *
 * @param mode whether they are asked
 * @param caFile PEM file of the authorities; null only if nobody is asked
 * @param crlFile PEM file of the revocation lists of all of them, or null if nothing is ever revoked
 */
record VisitorAuth(
        Mode mode, @Nullable Path caFile, @Nullable Path crlFile) {
    /** Whether visitors are asked for a certificate. */
    enum Mode {
        /** They are not asked. */
        OFF(ClientAuth.NONE),
        /** They are asked and may show none; one that is shown has to be good. */
        OPTIONAL(ClientAuth.OPTIONAL),
        /** Who shows none gets no connection. */
        REQUIRED(ClientAuth.REQUIRE);

        private final ClientAuth netty;

        Mode(ClientAuth netty) {
            this.netty = netty;
        }

        ClientAuth netty() {
            return netty;
        }
    }

    /** Reads the keys. */
    static VisitorAuth read(Section section) {
        Mode mode = section.choice("client-auth", Mode.class);
        Path caFile = CaFile.read(section, "client-ca-file");
        Path crlFile = CaFile.readable(section, "client-crl-file");
        if (mode != Mode.OFF && section.string("client-ca-file").isEmpty()) {
            section.problem("client-ca-file", "", "the PEM file of the authorities whose certificates visitors show");
        }
        VisitorAuth auth = new VisitorAuth(caFile == null ? Mode.OFF : mode, caFile, crlFile);
        if (auth.mode != Mode.OFF) {
            auth.check(section);
        }
        return auth;
    }

    private void check(Section section) {
        try {
            trust();
        } catch (IOException | GeneralSecurityException unusable) {
            section.problem("client-crl-file", String.valueOf(crlFile), "a PEM file of revocation lists");
        }
    }

    /** Whether visitors are asked. */
    boolean asks() {
        return mode != Mode.OFF;
    }

    /** The files that this depends on. */
    Stream<Path> files() {
        return Stream.of(caFile, crlFile).flatMap(Stream::ofNullable);
    }

    /** Who is trusted, as the files are now. */
    TrustManagerFactory trust() throws IOException, GeneralSecurityException {
        Set<TrustAnchor> anchors = certificates().stream()
                .map(authority -> new TrustAnchor((X509Certificate) authority, null))
                .collect(Collectors.toUnmodifiableSet());
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        Collection<? extends CRL> revoked = lists();
        // Revocation by these lists only: the JDK asks nobody over the network unless it is told to.
        parameters.setRevocationEnabled(crlFile != null);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(revoked)));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(new CertPathTrustManagerParameters(parameters));
        return trust;
    }

    /**
     * What sessions must have begun under to be resumed: who showed no certificate, or one that has been revoked since, must not
     * get in with a ticket (RFC 8446 section 4.6.1).
     */
    byte[] digest() throws IOException, GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update((byte) mode.ordinal());
        for (Path file : files().toList()) {
            byte[] content = Files.readAllBytes(file);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, content.length));
            digest.update(content);
        }
        return digest.digest();
    }

    private Collection<? extends Certificate> certificates() throws IOException, GeneralSecurityException {
        if (caFile == null) {
            return List.of();
        }
        try (InputStream in = Files.newInputStream(caFile)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private Collection<? extends CRL> lists() throws IOException, GeneralSecurityException {
        if (crlFile == null) {
            return List.of();
        }
        try (InputStream in = Files.newInputStream(crlFile)) {
            Collection<? extends CRL> lists =
                    CertificateFactory.getInstance("X.509").generateCRLs(in);
            if (lists.isEmpty()) {
                throw new IOException(crlFile + ": no revocation list in it");
            }
            return lists;
        }
    }
}
