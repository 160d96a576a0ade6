package com.esperr.gateway.signatures;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.stream.Stream;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/** The algorithms of RFC 9421 section 3.3, of the Java platform. */
public enum SignatureAlgorithm {
    /** RFC 8032. */
    ED25519("ed25519", "Ed25519"),
    /** RFC 8017, with a salt of 64 bytes. */
    RSA_PSS_SHA512("rsa-pss-sha512", "RSASSA-PSS"),
    /** RFC 8017. */
    RSA_V1_5_SHA256("rsa-v1_5-sha256", "SHA256withRSA"),
    /** FIPS 186, the two numbers one after the other. */
    ECDSA_P256_SHA256("ecdsa-p256-sha256", "SHA256withECDSAinP1363Format"),
    /** RFC 2104, with a secret that both sides have. */
    HMAC_SHA256("hmac-sha256", "HmacSHA256");

    private static final int SALT = 64;

    private final String label;
    private final String platform;

    SignatureAlgorithm(String label, String platform) {
        this.label = label;
        this.platform = platform;
    }

    /** The name in signatures. */
    public String label() {
        return label;
    }

    /** The one of this name, or null. */
    public static @Nullable SignatureAlgorithm named(String label) {
        return Stream.of(values())
                .filter(algorithm -> algorithm.label.equals(label))
                .findFirst()
                .orElse(null);
    }

    /** Whether {@code signature} is one of {@code base} by the owner of {@code key}. */
    boolean verifies(Key key, byte[] base, byte[] signature) {
        try {
            if (this == HMAC_SHA256) {
                Mac mac = Mac.getInstance(platform);
                mac.init(key);
                return MessageDigest.isEqual(mac.doFinal(base), signature);
            }
            Signature verifier = verifier();
            verifier.initVerify((PublicKey) key);
            verifier.update(base);
            return verifier.verify(signature);
        } catch (SignatureException | InvalidKeyException unusable) {
            // Of the wrong length, or no point of the curve.
            return false;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(label + " is not part of this Java", missing);
        }
    }

    private Signature verifier() throws NoSuchAlgorithmException, InvalidAlgorithmParameterException {
        Signature verifier = Signature.getInstance(platform);
        if (this == RSA_PSS_SHA512) {
            verifier.setParameter(new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, SALT, 1));
        }
        return verifier;
    }
}
