package com.esperr.gateway.acme;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Certificates that no authority signed: what visitors are shown until one has, and what the authority is shown that looks
 * (RFC 8737 section 3). Stateless.
 */
final class OwnSigned {
    private static final X500Name NAME = new X500Name("CN=Not signed by anybody yet");
    private static final ASN1ObjectIdentifier ACME = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");

    private OwnSigned() {}

    /** A certificate for these names that its own key signed. */
    static X509Certificate placeholder(KeyPair key, List<String> domains, long nowMillis) throws IOException {
        return signed(key, builder(key, domains, Instant.ofEpochMilli(nowMillis)));
    }

    /** The certificate that answers a challenge for {@code domain}. */
    static X509Certificate answer(KeyPair key, String domain, byte[] digest, long nowMillis) throws IOException {
        X509v3CertificateBuilder builder = builder(key, List.of(domain), Instant.ofEpochMilli(nowMillis));
        builder.addExtension(ACME, true, new DEROctetString(digest));
        return signed(key, builder);
    }

    private static X509v3CertificateBuilder builder(KeyPair key, List<String> domains, Instant now) throws IOException {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                NAME,
                new BigInteger(120, new SecureRandom()),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(30))),
                NAME,
                key.getPublic());
        GeneralName[] names = domains.stream()
                .map(domain -> new GeneralName(GeneralName.dNSName, domain))
                .toArray(GeneralName[]::new);
        return builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }

    private static X509Certificate signed(KeyPair key, X509v3CertificateBuilder builder) throws IOException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
        } catch (OperatorCreationException | GeneralSecurityException unusable) {
            throw new IOException("a certificate cannot be made: " + unusable.getMessage(), unusable);
        }
    }
}
