import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Verifies Esper-Attestation; Java 17 or newer, nothing to install. See docs/attestation.md. Thread-safe. */
public final class Attestation {
    private static final Pattern SHAPE =
            Pattern.compile("v1;k=([0-9a-f]{8})((?:;[a-z]=[A-Za-z0-9_.-]*)+);m=([A-Za-z0-9_-]{43})");

    private final Map<String, SecretKeySpec> keys = new HashMap<>();
    // In the order of expiry, as all are good for as long.
    private final Map<String, Long> seen = new LinkedHashMap<>();
    private final int capacity;

    /** What the gateway says about a request; {@code entity} and {@code failOpen} may be null. */
    public record Claims(
            String decision, String source, int level, String entity, String reference, String failOpen, long expires) {}

    /** With hexadecimal keys, separated by commas; while a key is changed, the new one and the old one. */
    public Attestation(String keys, int capacity) throws GeneralSecurityException {
        for (String text : keys.split(",")) {
            byte[] key = HexFormat.of().parseHex(text.strip());
            if (key.length < 32) {
                throw new IllegalArgumentException("attestation key: at least 64 hexadecimal digits");
            }
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            this.keys.put(HexFormat.of().formatHex(digest, 0, 4), new SecretKeySpec(key, "HmacSHA256"));
        }
        this.capacity = capacity;
    }

    /** What the gateway says about this request, or null if it does not say it. {@code target} is path and query as they came. */
    public Claims verify(String header, String method, String host, String target, long nowSeconds)
            throws GeneralSecurityException {
        Matcher parts = SHAPE.matcher(header == null || header.length() > 512 ? "" : header);
        SecretKeySpec key = parts.matches() ? keys.get(parts.group(1)) : null;
        // HTTP/1.0 has requests without a host; beyond Latin-1 two characters would be signed alike.
        if (key == null || host == null || (host + target).chars().anyMatch(c -> c > 0xFF)) {
            return null;
        }
        String text = header.substring(0, header.lastIndexOf(";m="));
        String signed = String.join("\n", text, method, host.toLowerCase(Locale.ROOT), target);
        Mac hmac = Mac.getInstance("HmacSHA256");
        hmac.init(key);
        byte[] digest = hmac.doFinal(signed.getBytes(StandardCharsets.ISO_8859_1));
        String mac = Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        if (!MessageDigest.isEqual(mac.getBytes(StandardCharsets.US_ASCII), parts.group(3).getBytes(StandardCharsets.US_ASCII))) {
            return null;
        }
        Map<String, String> claims = new HashMap<>();
        for (String pair : parts.group(2).substring(1).split(";")) {
            claims.put(pair.substring(0, 1), pair.substring(2));
        }
        long expires = Long.parseLong(claims.get("x"));
        if (expires <= nowSeconds || !isNew(mac, expires, nowSeconds)) {
            return null;
        }
        return new Claims(
                claims.get("d"), claims.get("s"), Integer.parseInt(claims.get("l")), claims.get("e"), claims.get("r"),
                claims.get("f"), expires);
    }

    private synchronized boolean isNew(String mac, long expires, long now) {
        Iterator<Long> oldest = seen.values().iterator();
        while (oldest.hasNext() && (oldest.next() <= now || seen.size() >= capacity)) {
            oldest.remove();
        }
        return seen.putIfAbsent(mac, expires) == null;
    }
}
