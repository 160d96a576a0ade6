package com.esperr.gateway.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A key that has just been made: the only moment at which its text is known. Immutable.
 *
 * @param text the key itself: {@code esk_}, its id, {@code _}, 256 random bits
 * @param entry what is kept of it
 */
public record NewKey(String text, KeyEntry entry) {
    static final String PREFIX = "esk_";
    static final int ID_LENGTH = 12;

    private static final int SECRET_BYTES = 32;

    /** Makes a key for {@code tenantId}, at the moment {@code created} (RFC 3339). */
    public static NewKey random(String tenantId, @Nullable String note, String created) {
        SecureRandom random = new SecureRandom();
        byte[] name = new byte[ID_LENGTH / 2];
        random.nextBytes(name);
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String id = HexFormat.of().formatHex(name);
        String text =
                PREFIX + id + '_' + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        return new NewKey(text, new KeyEntry(id, tenantId, HexFormat.of().formatHex(hash(text)), created, note, null));
    }

    /** The hash under which a key is kept. */
    static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "NewKey[" + entry.id() + ", ***]";
    }
}
