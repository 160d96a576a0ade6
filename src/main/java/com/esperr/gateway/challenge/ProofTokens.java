package com.esperr.gateway.challenge;

import com.esperr.gateway.state.ClaimSink;
import com.esperr.gateway.state.Claimed;
import com.esperr.gateway.state.Claims;
import com.esperr.gateway.state.StateKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Issues and verifies proofs: a token holds the proof and its HMAC-SHA256, each in base64url, with a dot between.
 * Thread-safe. Nothing of a token is believed before its signature is, which is compared in constant time.
 */
public final class ProofTokens {
    private static final int VERSION = 2;
    private static final int LONGEST = 1024;
    private static final int NONCE_BYTES = 16;
    // A replica whose clock is behind ours takes a proof for alive a little longer.
    private static final long SKEW_MILLIS = 60_000;

    private final SecureRandom random = new SecureRandom();
    private final KeyRing keys;
    private final Duration lifetime;
    private final LongSupplier epochMillis;
    private final @Nullable Claims claims;

    /**
     * Proofs under {@code keys}.
     *
     * @param lifetime how long a proof counts
     * @param claims where it is remembered that a proof was used, so that none counts twice; null if they may
     * @param epochMillis the clock of the proofs
     */
    public ProofTokens(KeyRing keys, Duration lifetime, @Nullable Claims claims, LongSupplier epochMillis) {
        this.keys = keys;
        this.lifetime = lifetime;
        this.epochMillis = epochMillis;
        this.claims = claims;
    }

    /** A proof that the visitor of {@code session} has passed by {@code method}. */
    public String issue(ChallengeSession session, String method) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        long now = epochMillis.getAsLong();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(keys.signing());
            out.writeUTF(session.tenant());
            out.writeUTF(host(session.returnUrl()));
            out.writeUTF(session.id());
            out.writeUTF(method);
            out.writeLong(now);
            out.writeLong(now + lifetime.toMillis());
            out.write(nonce);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        byte[] payload = bytes.toByteArray();
        SecretKeySpec key = keys.find(keys.signing());
        if (key == null) {
            throw new IllegalStateException("the signing key is one of the keys");
        }
        return text(payload, mac(key, payload));
    }

    private static String host(@Nullable String returnUrl) {
        String authority = returnUrl == null ? null : URI.create(returnUrl).getRawAuthority();
        return authority == null ? "" : ReturnHosts.host(authority);
    }

    private static String text(byte[] payload, byte[] signature) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(payload) + '.' + base64.encodeToString(signature);
    }

    /**
     * Looks at {@code token}, which somebody of {@code tenant} shows; a proof that may be used once then is used.
     *
     * @param sink told once, on the calling thread, possibly before this returns
     */
    public void verify(String token, String tenant, Consumer<ProofVerdict> sink) {
        ProofVerdict verdict = look(token, tenant);
        Claims once = claims;
        if (once == null || !(verdict instanceof ProofVerdict.Valid valid)) {
            sink.accept(verdict);
            return;
        }
        StateKey key = Fingerprint.of("used", tenant, valid.proof().nonce()).stateKey();
        long left = valid.proof().expiresAtMillis() - epochMillis.getAsLong();
        once.claim(key, key, left + SKEW_MILLIS, new ClaimSink() {
            @Override
            public void claimed(Claimed outcome) {
                sink.accept(outcome == Claimed.FRESH ? verdict : ProofVerdict.Invalid.USED);
            }

            @Override
            public void failed(String detail) {
                sink.accept(new ProofVerdict.Unknowable(detail));
            }
        });
    }

    private ProofVerdict look(String token, String tenant) {
        Proof proof = signed(token);
        // A stranger's proof is as unknown as a forged one, so that nobody learns of other tenants' sessions.
        if (proof == null || !proof.tenant().equals(tenant)) {
            return ProofVerdict.Invalid.UNKNOWN;
        }
        if (proof.expiresAtMillis() <= epochMillis.getAsLong()) {
            return ProofVerdict.Invalid.EXPIRED;
        }
        return new ProofVerdict.Valid(proof);
    }

    private @Nullable Proof signed(String token) {
        int dot = token.indexOf('.');
        if (dot < 0 || token.length() > LONGEST) {
            return null;
        }
        try {
            byte[] payload = Base64.getUrlDecoder().decode(token.substring(0, dot));
            byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
            // Several texts decode to the same bytes; only the one we wrote is a proof, so that all who remember it do
            // so by
            // one name.
            if (!text(payload, signature).equals(token)) {
                return null;
            }
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload));
            if (in.readUnsignedByte() != VERSION) {
                return null;
            }
            SecretKeySpec key = keys.find(in.readUTF());
            if (key == null || !MessageDigest.isEqual(mac(key, payload), signature)) {
                return null;
            }
            return read(in);
        } catch (IOException | IllegalArgumentException notOurs) {
            return null;
        }
    }

    private static Proof read(DataInputStream in) throws IOException {
        String tenant = in.readUTF();
        String host = in.readUTF();
        String session = in.readUTF();
        String method = in.readUTF();
        long issued = in.readLong();
        long expires = in.readLong();
        return new Proof(
                tenant, host, session, method, issued, expires, HexFormat.of().formatHex(in.readNBytes(NONCE_BYTES)));
    }

    private static byte[] mac(SecretKeySpec key, byte[] payload) {
        return KeyRing.mac(key).doFinal(payload);
    }
}
