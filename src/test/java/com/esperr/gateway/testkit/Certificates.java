package com.esperr.gateway.testkit;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Certificates made for a test. Stateless. */
public final class Certificates {
    private Certificates() {}

    /** An authority that nobody knows yet. */
    public static X509Bundle authority() {
        return make(() -> new CertificateBuilder()
                .subject("CN=Test Authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned());
    }

    /** A certificate for these names, the first of which is its subject. */
    public static X509Bundle issued(X509Bundle authority, String... names) {
        return make(() -> builder(names).buildIssuedBy(authority));
    }

    /** One whose time was over yesterday. */
    public static X509Bundle expired(X509Bundle authority, String name) {
        Instant now = Instant.now();
        return make(() -> builder(name)
                .notBefore(now.minus(Duration.ofDays(9)))
                .notAfter(now.minus(Duration.ofDays(1)))
                .buildIssuedBy(authority));
    }

    /** Writes the certificate and those it rests on. */
    public static Path chain(X509Bundle bundle, Path file) {
        return write(file, bundle.getCertificatePathPEM());
    }

    /** Writes an authority to trust. */
    public static Path root(X509Bundle authority, Path file) {
        return write(file, authority.getCertificatePEM());
    }

    /** Writes the private key. */
    public static Path key(X509Bundle bundle, Path file) {
        return write(file, bundle.getPrivateKeyPEM());
    }

    private static CertificateBuilder builder(String... names) {
        CertificateBuilder builder = new CertificateBuilder().subject("CN=" + names[0]);
        for (String name : names) {
            builder.addSanDnsName(name);
        }
        return builder;
    }

    private static Path write(Path file, String pem) {
        try {
            return Files.writeString(file, pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static X509Bundle make(Making making) {
        try {
            return making.make();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Making {
        X509Bundle make() throws Exception;
    }
}
