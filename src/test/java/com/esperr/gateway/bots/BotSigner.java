package com.esperr.gateway.bots;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.signatures.MessageSignature;
import com.esperr.gateway.signatures.SignedMessage;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;

/** A bot with a key of its own that signs requests. */
public final class BotSigner {
    private final KeyPair pair;
    private final String x;

    public BotSigner() {
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
        byte[] encoded = pair.getPublic().getEncoded();
        x = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    /** The directory with its public key. */
    public String directory() {
        return "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + x + "\"}]}";
    }

    /** The thumbprint of its key. */
    public String keyId() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}")
                            .getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** What it says about a signature over {@code components}, made and expiring at these seconds. */
    public String input(String components, long created, long expires, String more) {
        return "(" + components + ");created=" + created + ";expires=" + expires + ";keyid=\"" + keyId()
                + "\";tag=\"web-bot-auth\"" + more;
    }

    /** The value of Signature for a GET of {@code target} with these header lines, under the label {@code sig}. */
    public String sign(String scheme, String authority, String target, String input, String... fields) {
        Fields.Builder builder =
                Fields.builder(4).add("Signature-Input", "sig=" + input).add("Signature", "sig=::");
        for (int i = 0; i < fields.length; i += 2) {
            builder.add(fields[i], fields[i + 1]);
        }
        SignedMessage message = new SignedMessage("GET", scheme, authority, target, 0, builder.build());
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(MessageSignature.in(message).get(0).base(message));
            return "sig=:" + Base64.getEncoder().encodeToString(signature.sign()) + ":";
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
