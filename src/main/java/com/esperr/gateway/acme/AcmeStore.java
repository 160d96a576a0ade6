package com.esperr.gateway.acme;

import com.esperr.gateway.keys.PrivateFile;
import com.esperr.gateway.transport.CertificateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/**
 * The directory of account key, key and certificate; only its owner can open what is in it. The key stays when a certificate
 * is renewed, so that key and certificate on the disk belong together at any moment. Confined to one thread.
 */
final class AcmeStore {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path account;
    private final CertificateFiles files;

    AcmeStore(AcmeConfig config) {
        this.account = config.accountKey();
        this.files = config.files();
    }

    /**
     * Sees to it that there is a certificate: until the authority answers, one that nobody trusts.
     *
     * @throws IOException if the directory cannot be written or its files cannot be read
     */
    void prepare(List<String> domains, long nowMillis) throws IOException {
        KeyPair key = siteKey();
        if (!Files.exists(files.certificateFile())) {
            write(List.of(OwnSigned.placeholder(key, domains, nowMillis)));
        }
        certificate();
    }

    /** The key under which the authority knows us. */
    KeyPair accountKey() throws IOException {
        return key(account);
    }

    /** The key of the certificate. */
    KeyPair siteKey() throws IOException {
        return key(files.keyFile());
    }

    /** The certificate that is there now. */
    X509Certificate certificate() throws IOException {
        try (InputStream in = Files.newInputStream(files.certificateFile())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (GeneralSecurityException unreadable) {
            throw new IOException(files.certificateFile() + ": " + unreadable.getMessage(), unreadable);
        }
    }

    /** Puts a chain, its own certificate first, in place of the one before. */
    void write(List<X509Certificate> chain) throws IOException {
        StringBuilder pem = new StringBuilder();
        try {
            for (X509Certificate certificate : chain) {
                pem.append("-----BEGIN CERTIFICATE-----\n")
                        .append(LINES.encodeToString(certificate.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            }
        } catch (GeneralSecurityException unreadable) {
            throw new IOException("a certificate that cannot be encoded", unreadable);
        }
        PrivateFile.replace(files.certificateFile(), pem.toString());
    }

    private static KeyPair key(Path file) throws IOException {
        if (!Files.exists(file)) {
            KeyPair made = NewKeys.make();
            String pem = "-----BEGIN PRIVATE KEY-----\n"
                    + LINES.encodeToString(made.getPrivate().getEncoded())
                    + "\n-----END PRIVATE KEY-----\n";
            PrivateFile.replace(file, pem);
            return made;
        }
        return PemKeys.read(file);
    }
}
