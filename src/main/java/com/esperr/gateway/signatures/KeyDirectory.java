package com.esperr.gateway.signatures;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of a JWK set (RFC 7517, RFC 8037), by their thumbprints (RFC 7638). Keys of kinds that are not known are
 * left out, and so are secrets and private keys. Immutable.
 */
public final class KeyDirectory {
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(8).build())
            .build());
    private static final int MOST_KEYS = 64;
    private static final int FEWEST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 8192;
    private static final int COORDINATE = 32;
    /** What stands before the bytes of a key in the form of X.509 (RFC 8410; RFC 5480). */
    private static final String ED25519 = "302a300506032b6570032100";

    private static final String P256 = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";

    private final Map<String, SignatureKey> keys;

    private KeyDirectory(Map<String, SignatureKey> keys) {
        this.keys = Map.copyOf(keys);
    }

    /**
     * Reads {@code {"keys": [...]}}.
     *
     * @throws IllegalArgumentException if it is something else, or has no key that can be used; the message says what
     */
    public static KeyDirectory parse(byte[] json) {
        JsonNode list;
        try {
            list = JSON.readTree(json).path("keys");
        } catch (IOException malformed) {
            throw new IllegalArgumentException("not JSON", malformed);
        }
        if (!list.isArray() || list.size() > MOST_KEYS) {
            throw new IllegalArgumentException("not {\"keys\": […]} with at most " + MOST_KEYS + " keys");
        }
        Map<String, SignatureKey> keys = new HashMap<>();
        for (JsonNode jwk : list) {
            SignatureKey key = key(jwk);
            if (key != null) {
                keys.put(key.id(), key);
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no public key of kind Ed25519, P-256 or RSA");
        }
        return new KeyDirectory(keys);
    }

    /** The key of this thumbprint, or null. */
    public @Nullable SignatureKey key(String thumbprint) {
        return keys.get(thumbprint);
    }

    /** All keys. */
    public List<SignatureKey> keys() {
        return new ArrayList<>(keys.values());
    }

    private static @Nullable SignatureKey key(JsonNode jwk) {
        if (jwk.has("d") || jwk.has("k") || !jwk.path("use").asText("sig").equals("sig")) {
            // Somebody's secret is not what is to be verified with.
            return null;
        }
        try {
            return switch (jwk.path("kty").asText()) {
                case "OKP" -> ed25519(jwk);
                case "EC" -> p256(jwk);
                case "RSA" -> rsa(jwk);
                default -> null;
            };
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            return null;
        }
    }

    private static @Nullable SignatureKey ed25519(JsonNode jwk) throws GeneralSecurityException {
        if (!jwk.path("crv").asText().equals("Ed25519")) {
            return null;
        }
        String x = jwk.path("x").asText();
        return made(
                jwk,
                "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}",
                SignatureAlgorithm.ED25519,
                KeyFactory.getInstance("Ed25519").generatePublic(spec(ED25519, coordinate(x))));
    }

    private static @Nullable SignatureKey p256(JsonNode jwk) throws GeneralSecurityException {
        if (!jwk.path("crv").asText().equals("P-256")) {
            return null;
        }
        String x = jwk.path("x").asText();
        String y = jwk.path("y").asText();
        return made(
                jwk,
                "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}",
                SignatureAlgorithm.ECDSA_P256_SHA256,
                KeyFactory.getInstance("EC").generatePublic(spec(P256, coordinate(x), coordinate(y))));
    }

    private static @Nullable SignatureKey rsa(JsonNode jwk) throws GeneralSecurityException {
        String n = jwk.path("n").asText();
        String e = jwk.path("e").asText();
        BigInteger modulus = new BigInteger(1, decoded(n));
        BigInteger exponent = new BigInteger(1, decoded(e));
        if (modulus.bitLength() < FEWEST_RSA_BITS
                || modulus.bitLength() > MOST_RSA_BITS
                || exponent.bitLength() > COORDINATE) {
            return null;
        }
        SignatureAlgorithm algorithm = switch (jwk.path("alg").asText("PS512")) {
            case "PS512" -> SignatureAlgorithm.RSA_PSS_SHA512;
            case "RS256" -> SignatureAlgorithm.RSA_V1_5_SHA256;
            default -> null;
        };
        return algorithm == null
                ? null
                : made(
                        jwk,
                        "{\"e\":\"" + e + "\",\"kty\":\"RSA\",\"n\":\"" + n + "\"}",
                        algorithm,
                        KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent)));
    }

    private static SignatureKey made(JsonNode jwk, String canonical, SignatureAlgorithm algorithm, PublicKey key)
            throws GeneralSecurityException {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
        return new SignatureKey(
                Base64.getUrlEncoder().withoutPadding().encodeToString(hash),
                algorithm,
                key,
                jwk.path("nbf").asLong(0),
                jwk.path("exp").asLong(Long.MAX_VALUE));
    }

    private static X509EncodedKeySpec spec(String prefix, byte[]... parts) {
        StringBuilder hex = new StringBuilder(prefix);
        for (byte[] part : parts) {
            hex.append(HexFormat.of().formatHex(part));
        }
        return new X509EncodedKeySpec(HexFormat.of().parseHex(hex));
    }

    private static byte[] coordinate(String text) {
        byte[] bytes = decoded(text);
        if (bytes.length != COORDINATE) {
            throw new IllegalArgumentException("length");
        }
        return bytes;
    }

    private static byte[] decoded(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
