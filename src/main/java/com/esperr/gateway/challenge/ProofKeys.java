package com.esperr.gateway.challenge;

import com.esperr.gateway.keys.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The secrets under which proofs are signed: the first signs, all of them verify, so that a new one can be put in front
 * while proofs of the old one are still about. Immutable.
 */
public final class ProofKeys {
    static final String ALGORITHM = "HmacSHA256";

    private static final int KEY_BYTES = 32;
    private static final Pattern LINE = Pattern.compile("([0-9a-zA-Z-]{1,32})\\s+([0-9a-fA-F]{64,256})");

    private final String signing;
    private final Map<String, SecretKeySpec> keys;

    private ProofKeys(Map<String, SecretKeySpec> keys) {
        this.keys = Map.copyOf(keys);
        this.signing = keys.keySet().iterator().next();
    }

    /** One secret of this process. */
    public static ProofKeys random() {
        return new ProofKeys(Map.of("1", new SecretKeySpec(randomBytes(), ALGORITHM)));
    }

    /**
     * Reads a file of lines {@code NAME HEX}; makes it, readable by its owner only, if there is none. Blocks.
     *
     * @throws IOException if it cannot be read or made; what it holds is not shown
     */
    public static ProofKeys open(Path file) throws IOException {
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
        return new ProofKeys(keys);
    }

    String signing() {
        return signing;
    }

    @Nullable
    SecretKeySpec find(String name) {
        return keys.get(name);
    }

    private static byte[] randomBytes() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return "ProofKeys[***]";
    }
}
