package com.esperr.gateway.attestation;

import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.entity.EntityKeys;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Writes the value of {@value #FIELD}: what was decided about a request, signed together with its method, host and target, so that it
 * says nothing about any other request. Thread-safe: each thread that writes has a signer of its own.
 *
 * <p>{@code v1;k=KEY;x=EXPIRES;r=REFERENCE;n=NUMBER;d=DECISION;s=SOURCE;l=LEVEL;e=ENTITY;f=FAILURE;m=MAC}, where {@code e} and {@code f}
 * may be missing, and {@code MAC} is the HMAC-SHA-256, in base64url, of what stands before {@code ;m=}, the method, the host in lower
 * case and the target, with line feeds between them.
 */
public final class Attestations {
    /** The field's name. */
    public static final String FIELD = "Esper-Attestation";

    private static final String VERSION = "v1;k=";
    private static final HexFormat HEX = HexFormat.of();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final String beginning;
    private final long lifetimeMillis;
    private final LongSupplier epochMillis;
    private final @Nullable EntityKeys entity;
    private final ThreadLocal<Signer> signers;

    private Attestations(AttestationKey key, AttestationConfig config, int ipv6Prefix, LongSupplier epochMillis) {
        this.beginning = VERSION + key.id() + ";x=";
        this.lifetimeMillis = config.lifetime().toMillis();
        this.epochMillis = epochMillis;
        this.entity = config.entity().isEmpty()
                ? null
                : new EntityKeys(key.seed(), ipv6Prefix, "attestation", config.entity());
        this.signers = ThreadLocal.withInitial(() -> new Signer(key.mac()));
    }

    /**
     * As {@code config} has them, or null if it has no key.
     *
     * @param ipv6Prefix how many leading bits of an IPv6 address are one visitor
     */
    public static @Nullable Attestations of(AttestationConfig config, int ipv6Prefix, LongSupplier epochMillis) {
        AttestationKey key = config.key();
        return key == null ? null : new Attestations(key, config, ipv6Prefix, epochMillis);
    }

    /** The value for {@code request}, which {@code decision} lets through, at an origin that is called {@code host}. */
    public String of(RequestContext request, Decision decision, String host) {
        return of(request, decision, host, request.forwardTarget());
    }

    /** The same for a request whose path and query the origin gets as {@code target}, as somebody else forwards it. */
    public String of(RequestContext request, Decision decision, String host, String target) {
        Signer signer = signers.get();
        StringBuilder text = signer.text;
        text.setLength(0);
        text.append(beginning).append((epochMillis.getAsLong() + lifetimeMillis) / 1000);
        text.append(";r=").append(request.reference());
        // The same request is sent again where an origin hung up on it; an origin that remembers what it has seen must
        // not take
        // that for a replay.
        text.append(";n=").append(HEX.toHexDigits(signer.number++));
        text.append(";d=").append(decision.action().label());
        text.append(";s=").append(decision.cause().source());
        text.append(";l=").append(request.passLevel());
        if (entity != null) {
            text.append(";e=").append(HEX.toHexDigits(entity.of(request).high()));
        }
        FailureReason failure = decision.cause().failure();
        if (failure != null) {
            text.append(";f=").append(failure.label());
        }
        int end = text.length();
        text.append('\n').append(request.method());
        text.append('\n').append(host.toLowerCase(Locale.ROOT));
        text.append('\n').append(target);
        byte[] mac = signer.mac.doFinal(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        text.setLength(end);
        text.append(";m=").append(BASE64.encodeToString(mac));
        String value = text.toString();
        signer.trim();
        return value;
    }

    /** What one thread writes with. */
    private static final class Signer {
        private static final int KEPT = 8192;

        private final Mac mac;
        private StringBuilder text = new StringBuilder(512);
        private short number;

        Signer(Mac mac) {
            this.mac = mac;
        }

        /** A long target is not paid for by all that come after it. */
        void trim() {
            if (text.capacity() > KEPT) {
                text = new StringBuilder(512);
            }
        }
    }
}
