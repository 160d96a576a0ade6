package com.esperr.gateway.esper;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Replaces values by 128 bits of HMAC-SHA-256 (RFC 2104) as 32 hexadecimal digits. Immutable and thread-safe. With a key,
 * because an address or a telephone number can be found by trying all of them.
 */
public final class KeyedHash {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 16;

    private final SecretKeySpec key;

    KeyedHash(String key) {
        // An empty key is none to Java; without any configured, values cannot be compared with anybody else's anyway.
        this.key = new SecretKeySpec(("esper-gateway:" + key).getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** The hash of {@code value}. */
    public String of(String value) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] hash = mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "KeyedHash[***]";
    }
}
