package com.esperr.gateway.listen;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What an authority says about a certificate that it gave (RFC 6960), good and signed by it. Immutable.
 *
 * @param response as it is stapled; not to be changed
 * @param since when it was so
 * @param until when it does not count any more
 */
@SuppressWarnings("ArrayRecordComponent")
record OcspAnswer(byte[] response, Instant since, Instant until) {
    private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    private static final long SKEW_SECONDS = 300;
    private static final long DAY_SECONDS = 86_400;

    /**
     * Where the authority of {@code certificate} is asked, or null if it does not say.
     *
     * @throws IOException if what it says cannot be read: nobody reads that extension to use the certificate itself
     */
    static @Nullable String responder(X509Certificate certificate) throws IOException {
        byte[] value = certificate.getExtensionValue(Extension.authorityInfoAccess.getId());
        if (value == null) {
            return null;
        }
        try {
            return responder(AuthorityInformationAccess.getInstance(
                    ASN1OctetString.getInstance(value).getOctets()));
        } catch (RuntimeException malformed) {
            throw new IOException("where to ask cannot be read: " + malformed.getMessage(), malformed);
        }
    }

    private static @Nullable String responder(AuthorityInformationAccess access) {
        for (AccessDescription description : access.getAccessDescriptions()) {
            GeneralName at = description.getAccessLocation();
            if (description.getAccessMethod().equals(AccessDescription.id_ad_ocsp)
                    && at.getTagNo() == GeneralName.uniformResourceIdentifier) {
                return at.getName().toString();
            }
        }
        return null;
    }

    /** The question, as it is sent. */
    static byte[] question(X509Certificate certificate, X509Certificate issuer) throws IOException {
        try {
            return new OCSPReqBuilder()
                    .addRequest(id(certificate.getSerialNumber(), issuer))
                    .build()
                    .getEncoded();
        } catch (OCSPException | GeneralSecurityException | OperatorCreationException unusable) {
            throw new IOException("no question can be made: " + unusable.getMessage(), unusable);
        }
    }

    /**
     * Reads an answer.
     *
     * @throws IOException if it does not say that the certificate is good, or is not the authority's, or is old
     */
    static OcspAnswer read(byte[] bytes, X509Certificate certificate, X509Certificate issuer, Instant now)
            throws IOException {
        try {
            OCSPResp response = new OCSPResp(bytes);
            if (response.getStatus() != OCSPResp.SUCCESSFUL
                    || !(response.getResponseObject() instanceof BasicOCSPResp basic)) {
                throw new IOException("the responder answers with status " + response.getStatus());
            }
            SingleResp single = single(basic, id(certificate.getSerialNumber(), issuer));
            if (single.getCertStatus() != CertificateStatus.GOOD) {
                throw new IOException("the responder does not call the certificate good");
            }
            verify(basic, issuer, now);
            Instant since = single.getThisUpdate().toInstant();
            Date next = single.getNextUpdate();
            // Who names no end has news at any time.
            Instant until = next == null ? since.plusSeconds(DAY_SECONDS) : next.toInstant();
            if (since.isAfter(now.plusSeconds(SKEW_SECONDS)) || !until.isAfter(now)) {
                throw new IOException("the answer counts from " + since + " until " + until);
            }
            return new OcspAnswer(bytes, since, until);
        } catch (OCSPException | GeneralSecurityException | OperatorCreationException | RuntimeException malformed) {
            throw new IOException("the answer cannot be read: " + malformed.getMessage(), malformed);
        }
    }

    /** When to ask again. */
    Instant refresh() {
        return since.plusSeconds((until.getEpochSecond() - since.getEpochSecond()) / 2);
    }

    private static SingleResp single(BasicOCSPResp basic, CertificateID wanted) throws IOException {
        for (SingleResp single : basic.getResponses()) {
            if (single.getCertID().equals(wanted)) {
                return single;
            }
        }
        throw new IOException("the answer is about another certificate");
    }

    /** Signed by the authority, or by somebody whom it lets sign such answers (RFC 6960 section 4.2.2.2). */
    private static void verify(BasicOCSPResp basic, X509Certificate issuer, Instant now)
            throws IOException, OCSPException, GeneralSecurityException, OperatorCreationException {
        if (isSignedBy(basic, issuer)) {
            return;
        }
        for (X509CertificateHolder holder : basic.getCerts()) {
            X509Certificate signer = new JcaX509CertificateConverter().getCertificate(holder);
            if (isSignedBy(basic, signer) && isDelegate(signer, issuer, now)) {
                return;
            }
        }
        throw new IOException("the answer is not signed by the authority");
    }

    private static boolean isDelegate(X509Certificate signer, X509Certificate issuer, Instant now)
            throws GeneralSecurityException {
        signer.verify(issuer.getPublicKey());
        signer.checkValidity(Date.from(now));
        return signer.getExtendedKeyUsage() != null
                && signer.getExtendedKeyUsage().contains(OCSP_SIGNING);
    }

    private static boolean isSignedBy(BasicOCSPResp basic, X509Certificate signer)
            throws OCSPException, OperatorCreationException {
        return basic.isSignatureValid(new JcaContentVerifierProviderBuilder().build(signer.getPublicKey()));
    }

    private static CertificateID id(BigInteger serial, X509Certificate issuer)
            throws OCSPException, GeneralSecurityException, OperatorCreationException {
        return new CertificateID(
                new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
                new JcaX509CertificateHolder(issuer),
                serial);
    }
}
