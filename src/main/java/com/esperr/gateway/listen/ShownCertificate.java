package com.esperr.gateway.listen;

import com.esperr.gateway.transport.CertificateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A certificate as it was read. Immutable.
 *
 * @param files where it was read
 * @param chain itself and those it rests on
 * @param names the names it is for
 */
record ShownCertificate(CertificateFiles files, List<X509Certificate> chain, List<String> names) {
    private static final int DNS_NAME = 2;

    /**
     * Reads the file.
     *
     * @throws IOException if it cannot be used; the message names it
     */
    static ShownCertificate read(CertificateFiles files) throws IOException {
        try (InputStream in = Files.newInputStream(files.certificateFile())) {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (chain.isEmpty()) {
                throw new IOException(files.certificateFile() + ": no certificate in it");
            }
            return new ShownCertificate(files, chain, names(chain.get(0)));
        } catch (GeneralSecurityException unusable) {
            throw new IOException(files.certificateFile() + ": " + unusable.getMessage(), unusable);
        }
    }

    /** Where somebody may put what the authority says about it, beside the certificate. */
    Path ocspFile() {
        return files.certificateFile().resolveSibling(files.certificateFile().getFileName() + ".ocsp");
    }

    /** The certificate itself. */
    X509Certificate leaf() {
        return chain.get(0);
    }

    /** A short name for people: the first that it is for, or its subject. */
    String label() {
        return names.isEmpty() ? leaf().getSubjectX500Principal().getName() : names.get(0);
    }

    private static List<String> names(X509Certificate certificate) throws GeneralSecurityException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        List<String> names = new ArrayList<>();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) {
                if (Integer.valueOf(DNS_NAME).equals(alternative.get(0))) {
                    names.add(String.valueOf(alternative.get(1)));
                }
            }
        }
        return List.copyOf(names);
    }
}
