package com.esperr.gateway.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client certificate names; it was verified before. Immutable.
 *
 * @param subject the subject, as RFC 2253 writes it
 * @param names the alternative names, as {@code dns:a.test,email:b@a.test,uri:spiffe://a,ip:192.0.2.1}; may be empty
 * @param fingerprint SHA-256 of the certificate, 64 hexadecimal digits
 * @param serial the serial number, hexadecimal
 * @param der the certificate itself, base64 of its DER form
 */
public record ClientIdentity(String subject, String names, String fingerprint, String serial, String der) {
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int IP = 7;

    /**
     * The identity in {@code certificate}.
     *
     * @throws GeneralSecurityException if it cannot be encoded again
     */
    public static ClientIdentity of(X509Certificate certificate) throws GeneralSecurityException {
        byte[] der = certificate.getEncoded();
        return new ClientIdentity(
                certificate.getSubjectX500Principal().getName(),
                names(certificate),
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der)),
                certificate.getSerialNumber().toString(16),
                Base64.getEncoder().encodeToString(der));
    }

    private static String names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    String name = name(alternative);
                    if (name != null) {
                        names.add(name);
                    }
                }
            }
        } catch (CertificateParsingException unreadable) {
            return "";
        }
        return String.join(",", names);
    }

    private static @Nullable String name(List<?> alternative) {
        return switch ((Integer) alternative.get(0)) {
            case EMAIL -> "email:" + alternative.get(1);
            case DNS -> "dns:" + alternative.get(1);
            case URI -> "uri:" + alternative.get(1);
            case IP -> "ip:" + alternative.get(1);
            default -> null;
        };
    }
}
