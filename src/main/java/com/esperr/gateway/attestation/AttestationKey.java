package com.esperr.gateway.attestation;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.state.HashSeed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The secret that gateway and origin share. Immutable; never shown. */
public final class AttestationKey {
    static final String FORM = "at least 64 hexadecimal digits";

    private static final String ALGORITHM = "HmacSHA256";
    private static final String FILE = "key-file";
    private static final int SHORTEST = 32;
    private static final int LONGEST = 128;
    private static final int ID_BYTES = 4;
    private static final byte[] ENTITY = {'e', 'n', 't', 'i', 't', 'y'};

    private final SecretKeySpec secret;
    private final String id;
    private final HashSeed seed;

    private AttestationKey(byte[] bytes) {
        secret = new SecretKeySpec(bytes, ALGORITHM);
        id = HexFormat.of().formatHex(digest(bytes, new byte[0]), 0, ID_BYTES);
        ByteBuffer half = ByteBuffer.wrap(digest(ENTITY, bytes));
        seed = new HashSeed(half.getLong(), half.getLong());
    }

    /**
     * The key with these hexadecimal digits.
     *
     * @throws IllegalArgumentException if they are not, or too few or many
     */
    public static AttestationKey parse(String text) {
        byte[] bytes = HexFormat.of().parseHex(text.strip());
        if (bytes.length < SHORTEST || bytes.length > LONGEST) {
            throw new IllegalArgumentException("length");
        }
        return new AttestationKey(bytes);
    }

    /** The key that {@code key} or {@code key-file} gives, or null if neither does. */
    static @Nullable AttestationKey read(Section section) {
        AttestationKey direct = section.parsedOrNull("key", FORM, AttestationKey::parse);
        String file = section.stringOrNull(FILE);
        if (direct != null || file == null) {
            return direct;
        }
        try {
            Path path = Path.of(file);
            return parse(Files.size(path) > 4L * LONGEST ? "" : Files.readString(path));
        } catch (IOException | IllegalArgumentException unusable) {
            section.problem(FILE, file, "a readable file with " + FORM);
            return null;
        }
    }

    /** By what it is told from the one before: the first eight digits of its SHA-256. */
    public String id() {
        return id;
    }

    /** Under what visitors are hashed. */
    HashSeed seed() {
        return seed;
    }

    /** An HMAC-SHA-256 under it, for one thread. */
    Mac mac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] digest(byte[] first, byte[] second) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(first);
            return sha256.digest(second);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "AttestationKey[" + id + "]";
    }
}
