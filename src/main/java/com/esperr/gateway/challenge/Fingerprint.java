package com.esperr.gateway.challenge;

import com.esperr.gateway.state.StateKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The first half of a SHA-256, for what only has to be recognised. Immutable.
 *
 * @param high the first eight bytes
 * @param low the next eight
 */
record Fingerprint(long high, long low) {
    static final int BYTES = 16;

    /** One a thread, because finding one takes longer than what it is asked for. */
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Fingerprint::sha256);

    /** Of texts, which cannot be shifted into each other. */
    static Fingerprint of(String... texts) {
        MessageDigest digest = SHA_256.get();
        digest.reset();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
            digest.update(bytes);
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new Fingerprint(hash.getLong(), hash.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static Fingerprint read(ByteBuffer in) {
        return new Fingerprint(in.getLong(), in.getLong());
    }

    void write(ByteBuffer out) {
        out.putLong(high).putLong(low);
    }

    /** The key under which it is known to a store. */
    StateKey stateKey() {
        return new StateKey(high, low);
    }

    /** The first {@code bytes} bytes in hexadecimal. */
    String hex(int bytes) {
        return HexFormat.of().toHexDigits(high).substring(0, 2 * bytes);
    }
}
