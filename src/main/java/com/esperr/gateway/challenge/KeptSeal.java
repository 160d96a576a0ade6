package com.esperr.gateway.challenge;

import com.esperr.gateway.state.StateKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a visitor needs to have a request of his taken up again, and nobody else has: its name, and the secret under which it is
 * sealed (AES-256-GCM) wherever it lies. Stands in a cookie, so that the secret is never in a URL. Immutable.
 */
final class KeptSeal {
    private static final int ID_BYTES = 16;
    private static final int SECRET_BYTES = 16;
    private static final int PAGE_BYTES = 8;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final byte[] id;
    private final byte[] secret;
    private final byte[] page;

    private KeptSeal(byte[] id, byte[] secret, byte[] page) {
        this.id = id;
        this.secret = secret;
        this.page = page;
    }

    /** A new one for a request for {@code target}. */
    static KeptSeal make(SecureRandom random, String target) {
        byte[] id = new byte[ID_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(id);
        random.nextBytes(secret);
        return new KeptSeal(id, secret, page(target));
    }

    /** The one that a cookie holds, or null. */
    static @Nullable KeptSeal read(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length != ID_BYTES + SECRET_BYTES + PAGE_BYTES) {
                return null;
            }
            return new KeptSeal(
                    Arrays.copyOf(bytes, ID_BYTES),
                    Arrays.copyOfRange(bytes, ID_BYTES, ID_BYTES + SECRET_BYTES),
                    Arrays.copyOfRange(bytes, ID_BYTES + SECRET_BYTES, bytes.length));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** As it stands in the cookie. */
    String text() {
        byte[] all = ByteBuffer.allocate(ID_BYTES + SECRET_BYTES + PAGE_BYTES)
                .put(id)
                .put(secret)
                .put(page)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** The name of the request. */
    String id() {
        return HexFormat.of().formatHex(id);
    }

    /** Where it lies. */
    StateKey key() {
        return Fingerprint.of("kept", id()).stateKey();
    }

    /** Whether the request is for {@code target}. */
    boolean isFor(String target) {
        return Arrays.equals(page, page(target));
    }

    private static byte[] page(String target) {
        return ByteBuffer.allocate(PAGE_BYTES)
                .putLong(Fingerprint.of("page", target).high())
                .array();
    }

    byte[] seal(byte[] open) {
        try {
            return cipher(Cipher.ENCRYPT_MODE).doFinal(open);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + CIPHER, e);
        }
    }

    byte @Nullable [] open(byte[] sealed) {
        try {
            return cipher(Cipher.DECRYPT_MODE).doFinal(sealed);
        } catch (GeneralSecurityException | ProviderException anothers) {
            return null;
        }
    }

    private Cipher cipher(int mode) throws GeneralSecurityException {
        // A key seals one text, so that its nonce need not differ.
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update((byte) ID_BYTES);
        digest.update(id);
        byte[] key = digest.digest(secret);
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, new byte[NONCE_BYTES]));
        return cipher;
    }
}
