package com.esperr.gateway.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a private key is the one of a certificate, which TLS itself would find out with the first handshake. Stateless. */
final class KeyMatch {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private KeyMatch() {}

    /** Signs with the one and verifies with the other. */
    static boolean of(Path certificateFile, Path keyFile) {
        try (InputStream in = Files.newInputStream(certificateFile)) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            String algorithm = certificate.getPublicKey().getAlgorithm();
            PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(key(keyFile));
            byte[] text = {1};
            Signature signing = Signature.getInstance(signature(algorithm));
            signing.initSign(key);
            signing.update(text);
            byte[] signed = signing.sign();
            signing.initVerify(certificate.getPublicKey());
            signing.update(text);
            return signing.verify(signed);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
            return false;
        }
    }

    private static PKCS8EncodedKeySpec key(Path file) throws IOException {
        Matcher found = KEY.matcher(Files.readString(file));
        if (!found.find()) {
            throw new IOException("no PKCS#8 key");
        }
        return new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1)));
    }

    private static String signature(String algorithm) {
        return switch (algorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> algorithm;
        };
    }
}
