package com.esperr.gateway.challenge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Small things that a visitor carries for us, signed, so that nothing has to be remembered about him: base64url of the key's name, the
 * thing and its HMAC-SHA256. Thread-safe; one HMAC each way. What is sealed for one purpose or scope cannot be opened for another.
 */
public final class Seals {
    private static final int LONGEST = 1024;
    private static final int MAC_BYTES = 32;

    private final KeyRing keys;
    private final String purpose;

    /** Seals under {@code keys} for one purpose, whose name nothing else has. */
    public Seals(KeyRing keys, String purpose) {
        this.keys = keys;
        this.purpose = purpose;
    }

    /** {@code thing}, sealed for {@code scope}. */
    public String seal(byte[] thing, String... scope) {
        byte[] name = keys.signing().getBytes(StandardCharsets.US_ASCII);
        SecretKeySpec key = keys.find(keys.signing());
        if (key == null) {
            throw new IllegalStateException("the signing key is one of the keys");
        }
        ByteBuffer out = ByteBuffer.allocate(1 + name.length + thing.length + MAC_BYTES);
        out.put((byte) name.length).put(name).put(thing).put(mac(key, thing, scope));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
    }

    /** What {@code sealed} holds, or null if it was not sealed here for {@code scope}; no text whatever makes this throw. */
    public byte @Nullable [] open(String sealed, String... scope) {
        byte[] bytes = decoded(sealed);
        if (bytes == null || bytes.length < 1 + MAC_BYTES) {
            return null;
        }
        int from = 1 + (bytes[0] & 0xff);
        int to = bytes.length - MAC_BYTES;
        if (from > to) {
            return null;
        }
        SecretKeySpec key = keys.find(new String(bytes, 1, from - 1, StandardCharsets.US_ASCII));
        byte[] thing = Arrays.copyOfRange(bytes, from, to);
        boolean ours = key != null
                && MessageDigest.isEqual(mac(key, thing, scope), Arrays.copyOfRange(bytes, to, bytes.length));
        return ours ? thing : null;
    }

    private static byte @Nullable [] decoded(String sealed) {
        if (sealed.length() > LONGEST) {
            return null;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(sealed);
            // Several texts decode to the same bytes; only the one we wrote is ours.
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(sealed) ? bytes : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    private byte[] mac(SecretKeySpec key, byte[] thing, String... scope) {
        Mac mac = KeyRing.mac(key);
        add(mac, purpose.getBytes(StandardCharsets.UTF_8));
        for (String part : scope) {
            add(mac, part.getBytes(StandardCharsets.UTF_8));
        }
        add(mac, thing);
        return mac.doFinal();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Seals seals && keys.equals(seals.keys) && purpose.equals(seals.purpose);
    }

    @Override
    public int hashCode() {
        return 31 * keys.hashCode() + purpose.hashCode();
    }

    /** With its length in front, so that parts cannot be shifted into each other. */
    private static void add(Mac mac, byte[] part) {
        mac.update(ByteBuffer.allocate(4).putInt(0, part.length));
        mac.update(part);
    }
}
