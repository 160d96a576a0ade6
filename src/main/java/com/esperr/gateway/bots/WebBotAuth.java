package com.esperr.gateway.bots;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Evictions;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.signatures.BadSignature;
import com.esperr.gateway.signatures.MessageSignature;
import com.esperr.gateway.signatures.SignedMessage;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who signed a request: Web Bot Auth, which is HTTP Message Signatures with the tag {@code web-bot-auth}. Thread-safe; works at
 * once, within a budget. Keys come from configured directories only; a host that a visitor names selects among them.
 */
final class WebBotAuth {
    private static final String TAG = "web-bot-auth";
    private static final String INPUT = "signature-input";
    private static final String AGENT = "signature-agent";
    private static final int LONGEST = 8192;
    private static final int LONGEST_NONCE = 256;

    private final SignatureConfig config;
    private final KeyDirectories directories;
    private final BotCounts counts;
    private final LongSupplier millis;
    private final Budget budget;
    private final Cache<String, Long> nonces;
    private final Evictions evictions;

    /** Verifies as {@code config} wants it; what {@code before}, if there is one, has seen once counts no second time here either. */
    WebBotAuth(
            SignatureConfig config,
            KeyDirectories directories,
            BotCounts counts,
            @Nullable WebBotAuth before,
            LongSupplier nanos,
            LongSupplier millis) {
        this.config = config;
        this.directories = directories;
        this.counts = counts;
        this.millis = millis;
        this.budget = new Budget(config.perSecond(), nanos);
        boolean same = before != null && before.config.maxNonces() == config.maxNonces();
        this.evictions = before != null && same ? before.evictions : new Evictions();
        this.nonces = before != null && same ? before.nonces : seen(config, before, evictions, nanos);
    }

    private static Cache<String, Long> seen(
            SignatureConfig config, @Nullable WebBotAuth before, Evictions evictions, LongSupplier nanos) {
        Cache<String, Long> nonces = Caffeine.newBuilder()
                .maximumSize(config.maxNonces())
                .ticker(nanos::getAsLong)
                .evictionListener(evictions)
                .executor(Runnable::run)
                .expireAfter(Expiry.<String, Long>creating((nonce, seconds) -> Duration.ofSeconds(seconds)))
                .build();
        if (before != null) {
            nonces.putAll(before.nonces.asMap());
        }
        return nonces;
    }

    /**
     * What a request's signature is worth.
     *
     * @param result what came of it, or null if there is none for this purpose
     * @param bot who signed, or whom the message names; null if that is nobody known
     * @param detail one sentence for people
     */
    record Verdict(
            BotCounts.@Nullable Signed result, @Nullable KnownBot bot, String detail) {
        private static final Verdict NONE = new Verdict(null, null, "no signature for this purpose");

        boolean valid() {
            return result == BotCounts.Signed.VALID;
        }

        boolean refused() {
            return result == BotCounts.Signed.INVALID || result == BotCounts.Signed.REPLAYED;
        }
    }

    /** Who signed {@code request}. */
    Verdict check(RequestContext request) {
        Fields fields = request.fields();
        if (directories.isEmpty() || !fields.contains(INPUT)) {
            return Verdict.NONE;
        }
        Verdict verdict;
        try {
            verdict = check(new SignedMessage(
                    request.method(),
                    request.scheme(),
                    request.authority(),
                    request.head().target(),
                    0,
                    fields));
        } catch (BadSignature malformed) {
            verdict = new Verdict(BotCounts.Signed.INVALID, null, malformed.text());
        }
        if (verdict.result != null) {
            counts.signed(verdict.result);
        }
        return verdict;
    }

    private Verdict check(SignedMessage message) {
        if (length(message.fields().all(INPUT)) + length(message.fields().all("signature")) > LONGEST) {
            return new Verdict(BotCounts.Signed.INVALID, null, "longer than " + LONGEST + " characters");
        }
        for (MessageSignature signature : MessageSignature.in(message)) {
            if (TAG.equals(signature.tag())) {
                return check(message, signature);
            }
        }
        return Verdict.NONE;
    }

    private Verdict check(SignedMessage message, MessageSignature signature) {
        String agent = MessageSignature.agent(message, signature.label());
        KnownBot named = agent == null ? null : directories.bot(agent);
        String wrong = wrong(message, signature, agent);
        if (wrong != null) {
            return new Verdict(BotCounts.Signed.INVALID, named, wrong);
        }
        String id = String.valueOf(signature.keyId());
        KeyDirectories.Found found = directories.find(agent, id);
        long now = TimeUnit.MILLISECONDS.toSeconds(millis.getAsLong());
        if (found == null || !found.key().countsAt(now)) {
            return new Verdict(BotCounts.Signed.UNKNOWN, null, "the key is in no directory that is configured");
        }
        if (!budget.take()) {
            return new Verdict(BotCounts.Signed.DROPPED, null, "more signatures than are verified");
        }
        if (!found.key().verifies(signature, message)) {
            return new Verdict(BotCounts.Signed.INVALID, found.bot(), "not made with the key it names");
        }
        return replayed(signature, id, now)
                ? new Verdict(BotCounts.Signed.REPLAYED, found.bot(), "its nonce was used before")
                : new Verdict(BotCounts.Signed.VALID, found.bot(), "made with the key " + id);
    }

    /** What keeps {@code signature} from meaning this request now, or null. */
    private @Nullable String wrong(SignedMessage message, MessageSignature signature, @Nullable String agent) {
        Long created = signature.created();
        Long expires = signature.expires();
        long now = TimeUnit.MILLISECONDS.toSeconds(millis.getAsLong());
        long skew = config.clockSkew().toSeconds();
        String nonce = signature.nonce();
        if (created == null || expires == null || signature.keyId() == null) {
            return "created, expires or keyid is missing";
        } else if (created > now + skew) {
            return "made in the future";
        } else if (expires < now - skew) {
            return "expired";
        } else if (expires < created || expires - created > config.maxLifetime().toSeconds()) {
            return "counts longer than " + config.maxLifetime().toSeconds() + " s";
        } else if (message.authority().isEmpty()
                || !(signature.covers("@authority") || signature.covers("@target-uri"))) {
            // Else it could be taken to any other site (the draft demands it).
            return "does not cover @authority";
        } else if (agent != null && !signature.covers(AGENT)) {
            return "does not cover signature-agent";
        } else if (nonce != null && nonce.length() > LONGEST_NONCE) {
            return "nonce is too long";
        }
        return null;
    }

    private boolean replayed(MessageSignature signature, String key, long now) {
        String nonce = signature.nonce();
        Long expires = signature.expires();
        if (nonce == null || expires == null) {
            return false;
        }
        long seconds = Math.max(1, expires - now + config.clockSkew().toSeconds() + 1);
        return nonces.asMap().putIfAbsent(key + ' ' + nonce, seconds) != null;
    }

    /** How many nonces are remembered; one that is forgotten before its time could be used again. */
    Fill fill() {
        return evictions.fill(Bounded.BOT_NONCES, nonces, config.maxNonces());
    }

    private static int length(List<String> values) {
        return values.stream().mapToInt(String::length).sum();
    }
}
