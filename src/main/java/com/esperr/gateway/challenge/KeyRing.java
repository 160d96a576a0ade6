package com.esperr.gateway.challenge;

import com.esperr.gateway.keys.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The secrets under which proofs and passes are signed: the first signs, all of them verify, so that a new one can be put in
 * front while what was signed under the old one is still about. Immutable.
 */
public final class KeyRing {
    static final String ALGORITHM = "HmacSHA256";

    private static final int KEY_BYTES = 32;
    private static final Pattern LINE = Pattern.compile("([0-9a-zA-Z-]{1,32})\\s+([0-9a-fA-F]{64,256})");

    /** One a thread, because finding one takes longer than what it is asked for. */
    private static final ThreadLocal<Mac> MACS = ThreadLocal.withInitial(KeyRing::mac);

    private final String signing;
    private final Map<String, SecretKeySpec> keys;

    private KeyRing(Map<String, SecretKeySpec> keys) {
        this.keys = Map.copyOf(keys);
        this.signing = keys.keySet().iterator().next();
    }

    /** These secrets, the current one first; each is called by a hash of itself, so that all who have it call it the same. */
    public static KeyRing of(List<byte[]> secrets) {
        Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
        for (byte[] secret : secrets) {
            keys.put(
                    Fingerprint.of("key", HexFormat.of().formatHex(secret)).hex(4),
                    new SecretKeySpec(secret, ALGORITHM));
        }
        return new KeyRing(keys);
    }

    /** One secret of this process. */
    public static KeyRing random() {
        return new KeyRing(Map.of("1", new SecretKeySpec(randomBytes(), ALGORITHM)));
    }

    /**
     * Reads a file of lines {@code NAME HEX}; makes it, readable by its owner only, if there is none. Blocks.
     *
     * @throws IOException if it cannot be read or made; what it holds is not shown
     */
    public static KeyRing open(Path file) throws IOException {
        if (!Files.exists(file)) {
            String name = HexFormat.of().formatHex(randomBytes(), 0, 4);
            PrivateFile.append(file, name + ' ' + HexFormat.of().formatHex(randomBytes()) + '\n');
        }
        Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher parts = LINE.matcher(line.strip());
            if (!parts.matches()) {
                throw new IOException(file + ":" + number + ": not shown (expected: a name and 64 hexadecimal digits)");
            }
            keys.put(parts.group(1), new SecretKeySpec(HexFormat.of().parseHex(parts.group(2)), ALGORITHM));
        }
        if (keys.isEmpty()) {
            throw new IOException(file + ": empty (expected: lines of a name and 64 hexadecimal digits)");
        }
        return new KeyRing(keys);
    }

    String signing() {
        return signing;
    }

    @Nullable
    SecretKeySpec find(String name) {
        return keys.get(name);
    }

    /** The function that signs under {@code key}, ready for a first part; it is the thread's, and good until the next is asked for. */
    static Mac mac(SecretKeySpec key) {
        Mac mac = MACS.get();
        try {
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("any bytes are a key of " + ALGORITHM, e);
        }
    }

    private static Mac mac() {
        try {
            return Mac.getInstance(ALGORITHM);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] randomBytes() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyRing ring && signing.equals(ring.signing) && keys.equals(ring.keys);
    }

    @Override
    public int hashCode() {
        return keys.keySet().hashCode();
    }

    @Override
    public String toString() {
        return "KeyRing[***]";
    }
}
