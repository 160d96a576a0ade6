package com.esperr.gateway.acme;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Key pairs out of files that hold the private half only. Stateless; blocks. */
final class PemKeys {
    private PemKeys() {}

    /**
     * Reads a PKCS#8 file of a key on an elliptic curve.
     *
     * @throws IOException if it is none; the message names it
     */
    static KeyPair read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file);
                PEMParser parser = new PEMParser(reader)) {
            if (parser.readObject() instanceof PrivateKeyInfo secret
                    && PrivateKeyFactory.createKey(secret) instanceof ECPrivateKeyParameters key) {
                ECPublicKeyParameters shared =
                        new ECPublicKeyParameters(key.getParameters().getG().multiply(key.getD()), key.getParameters());
                JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
                return new KeyPair(
                        converter.getPublicKey(SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(shared)),
                        converter.getPrivateKey(secret));
            }
        } catch (IllegalArgumentException malformed) {
            throw new IOException(file + ": " + malformed.getMessage(), malformed);
        }
        throw new IOException(file + ": no PKCS#8 key on an elliptic curve");
    }
}
