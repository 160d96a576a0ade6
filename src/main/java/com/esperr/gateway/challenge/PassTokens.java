package com.esperr.gateway.challenge;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Passes as text and back: base64url of one block that ends with its HMAC-SHA256. Thread-safe; no network, and no state but which
 * signatures were right. Nothing of a token but the name of its key is looked at before its signature is, which is compared in
 * constant time, and no text whatever makes it throw. Site and tenant are in it as a hash, so that a pass of one is worth nothing to the other.
 */
final class PassTokens {
    /** What {@code version} of a token means; part of the cookie's name. */
    static final int VERSION = 1;

    private static final int LONGEST = 4000;
    private static final int MAC_BYTES = 32;
    private static final int FIXED = 1 + 2 * Long.BYTES + 2 * Fingerprint.BYTES + 3 * Long.BYTES;
    // A replica whose clock is ahead of ours by more than this is not one.
    private static final long SKEW_MILLIS = 60_000;

    private final KeyRing keys;
    private final Binding binding;
    private final String tenant;
    private final LongSupplier epochMillis;
    private final SignedTokens remembered = new SignedTokens();

    PassTokens(KeyRing keys, Binding binding, String tenant, LongSupplier epochMillis) {
        this.keys = keys;
        this.binding = binding;
        this.tenant = tenant;
        this.epochMillis = epochMillis;
    }

    /** The token of {@code pass}, good on {@code host}; null if it would be too long for a cookie. */
    @Nullable
    String issue(Pass pass, String host) {
        byte[] name = ascii(keys.signing());
        byte[] method = ascii(pass.method());
        byte[] proof = ascii(pass.token() == null ? "" : pass.token());
        int length = 2 + name.length + FIXED + 1 + method.length + proof.length + MAC_BYTES;
        if (length > LONGEST / 4 * 3) {
            return null;
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.put((byte) VERSION).put((byte) name.length).put(name);
        out.put((byte) pass.level());
        out.putLong(pass.issuedAtMillis()).putLong(pass.expiresAtMillis());
        scope(host).write(out);
        pass.proof().write(out);
        Binding.Bound bound = pass.bound();
        out.putLong(bound.agent()).putLong(bound.ipv4()).putLong(bound.ipv6());
        out.put((byte) method.length).put(method).put(proof);
        byte[] token = out.array();
        System.arraycopy(mac(known(keys.signing()), token), 0, token, length - MAC_BYTES, MAC_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** What {@code token} is worth to the visitor {@code shown} of {@code host} where {@code level} is asked for. */
    PassVerdict look(String token, String host, Binding.Bound shown, int level) {
        byte[] text = ascii(token);
        SignedTokens.Signed known = remembered.find(text);
        if (known != null && known.host().equals(host)) {
            return judged(known, shown, level);
        }
        SignedTokens.Signed signed = signed(token, host);
        if (signed == null) {
            return PassVerdict.of(PassResult.UNKNOWN);
        }
        if (!signed.scope().equals(scope(host))) {
            return PassVerdict.of(PassResult.ELSEWHERE);
        }
        remembered.remember(text, signed);
        return judged(signed, shown, level);
    }

    /** What {@code token} says if its signature is right, else null. */
    private SignedTokens.@Nullable Signed signed(String token, String host) {
        byte[] bytes = decoded(token);
        if (bytes == null) {
            return null;
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            if (in.get() != VERSION) {
                return null;
            }
            SecretKeySpec key = keys.find(text(in, in.get() & 0xff));
            int end = bytes.length - MAC_BYTES;
            if (key == null
                    || end < in.position() + FIXED
                    || !MessageDigest.isEqual(mac(key, bytes), Arrays.copyOfRange(bytes, end, bytes.length))) {
                return null;
            }
            in.limit(end);
            return read(in, host);
        } catch (BufferUnderflowException | IllegalArgumentException notOurs) {
            return null;
        }
    }

    private static SignedTokens.Signed read(ByteBuffer in, String host) {
        int level = in.get();
        long issued = in.getLong();
        long expires = in.getLong();
        Fingerprint scope = Fingerprint.read(in);
        Fingerprint proof = Fingerprint.read(in);
        Binding.Bound bound = new Binding.Bound(in.getLong(), in.getLong(), in.getLong());
        String method = text(in, in.get() & 0xff);
        String token = text(in, in.remaining());
        return new SignedTokens.Signed(
                level, issued, expires, scope, host, proof, bound, method, token.isEmpty() ? null : token);
    }

    private PassVerdict judged(SignedTokens.Signed signed, Binding.Bound shown, int level) {
        long now = epochMillis.getAsLong();
        if (signed.expiresAtMillis() <= now || signed.issuedAtMillis() > now + SKEW_MILLIS) {
            return PassVerdict.of(PassResult.EXPIRED);
        }
        Pass pass = new Pass(
                signed.level(),
                signed.method(),
                signed.issuedAtMillis(),
                signed.expiresAtMillis(),
                signed.proof(),
                signed.bound(),
                signed.proofToken());
        if (!binding.same(signed.bound(), shown)) {
            return new PassVerdict(PassResult.STRANGER, pass);
        }
        return new PassVerdict(signed.level() < level ? PassResult.LOW : PassResult.VALID, pass);
    }

    private Fingerprint scope(String host) {
        return Fingerprint.of("scope", tenant, host);
    }

    private static byte @Nullable [] decoded(String token) {
        if (token.isEmpty() || token.length() > LONGEST) {
            return null;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            // Several texts decode to the same bytes; only the one we wrote is a pass.
            boolean ours = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(bytes)
                    .equals(token);
            return ours && bytes.length > MAC_BYTES ? bytes : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    private static String text(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new IllegalArgumentException("cut off");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private SecretKeySpec known(String name) {
        SecretKeySpec key = keys.find(name);
        if (key == null) {
            throw new IllegalStateException("the signing key is one of the keys");
        }
        return key;
    }

    /** The signature of all but the last bytes of {@code token}, where it stands. */
    private static byte[] mac(SecretKeySpec key, byte[] token) {
        Mac mac = KeyRing.mac(key);
        mac.update(token, 0, token.length - MAC_BYTES);
        return mac.doFinal();
    }
}
