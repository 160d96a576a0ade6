package com.esperr.gateway.challenge;

import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.bound.Housekeeping;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.ProofVerifier;
import com.esperr.gateway.decision.Verified;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.ClaimSink;
import com.esperr.gateway.state.Claims;
import com.esperr.gateway.state.Deposits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The passes of this gateway: made for whoever brings a good proof, and looked at. Thread-safe; blocks only when opened. */
public final class Passes {
    private static final Logger LOG = LoggerFactory.getLogger(Passes.class);
    private static final Duration LONGEST_CLAIM = Duration.ofDays(1);

    private final Terms terms;
    private final KeyRing keys;
    private final PassTokens tokens;
    private final PassCookie cookie;
    private final ProofMemory memory;
    private final LoopGuard guard;
    private final ChallengeOrders orders;
    private final KeptRequests kept;
    private final PassCounts counts;

    /**
     * What passes depend on.
     *
     * @param config how they are made
     * @param tenant for whose visitors
     * @param maxLifetime how long one counts at the most
     * @param verifyTimeout how long an answer about a proof is waited for
     * @param verifier knows whether proofs count
     * @param keep which requests are kept for those who have to pass a challenge
     * @param deposits where
     * @param claims where it is remembered whose each proof is
     * @param nanos the clock of deadlines
     * @param epochMillis the time of day
     */
    public record Terms(
            PassConfig config,
            String tenant,
            Duration maxLifetime,
            Duration verifyTimeout,
            ProofVerifier verifier,
            KeepConfig keep,
            Deposits deposits,
            Claims claims,
            LongSupplier nanos,
            LongSupplier epochMillis) {}

    Passes(Terms terms, KeyRing keys) {
        this(terms, keys, null);
    }

    private Passes(Terms terms, KeyRing keys, @Nullable Passes before) {
        this.terms = terms;
        this.keys = keys;
        PassConfig config = terms.config();
        this.tokens = new PassTokens(keys, config.binding(), terms.tenant(), terms.epochMillis());
        this.cookie = new PassCookie(PassTokens.VERSION + "/" + config.binding().version() + "/" + terms.tenant() + "/"
                + (config.reverify().isZero() ? "" : "proof"));
        boolean same = before != null
                && before.terms.config().binding().equals(config.binding())
                && before.terms.maxLifetime().equals(terms.maxLifetime());
        this.memory = before != null && same
                ? before.memory
                : new ProofMemory(config.binding(), terms.maxLifetime(), terms.nanos(), Housekeeping.shared());
        this.counts = before == null ? new PassCounts() : before.counts;
        this.guard = before == null ? new LoopGuard(terms.nanos(), Housekeeping.shared()) : before.guard;
        this.orders = before == null ? new ChallengeOrders(terms.nanos(), Housekeeping.shared()) : before.orders;
        this.kept = new KeptRequests(terms.keep(), terms.deposits(), before == null ? null : before.kept);
    }

    /**
     * Passes as {@code terms} has them, with what {@code before}, if there is one, knows of visitors; blocks on the file of keys.
     *
     * @throws IOException if the file cannot be read
     */
    public static Passes open(Terms terms, @Nullable Passes before) throws IOException {
        boolean keeps = before != null && before.knowsKeysOf(terms.config());
        if (keeps && terms.config().keyFile() != null) {
            LOG.warn(
                    "challenge.pass.key-file: {} cannot be read; the keys of before stay in force",
                    terms.config().keyFile());
        }
        return new Passes(terms, before != null && keeps ? before.keys : keys(terms.config()), before);
    }

    /** Whether there is nothing to read {@code config}'s keys from: those of this process would else be others, and every pass worth nothing. */
    private boolean knowsKeysOf(PassConfig config) {
        Path file = config.keyFile();
        PassConfig mine = terms.config();
        return config.secrets().isEmpty()
                && mine.secrets().isEmpty()
                && Objects.equals(mine.keyFile(), file)
                && (file == null || !Files.isReadable(file));
    }

    private static KeyRing keys(PassConfig config) throws IOException {
        Path file = config.keyFile();
        if (!config.secrets().isEmpty()) {
            return KeyRing.of(config.secrets().stream().map(Secret::bytes).toList());
        }
        if (file == null) {
            return KeyRing.random();
        }
        try {
            return KeyRing.open(file);
        } catch (IOException e) {
            if (Files.exists(file)) {
                // What Java says of a file that it may not read is the name of the file.
                throw new IOException(
                        "challenge.pass.key-file: " + file + " cannot be read: " + e
                                + " (expected: a file of this user's)",
                        e);
            }
            // A gateway that may write nowhere works as well; only its passes do not outlive it.
            LOG.warn(
                    "challenge.pass.key-file: {} cannot be made: {}; passes end with this process, and no other accepts them"
                            + " (set challenge.pass.key)",
                    file,
                    e.toString());
            return KeyRing.random();
        }
    }

    /** The best of the passes that {@code request} brings, or null if it brings none. */
    @Nullable
    PassVerdict look(RequestContext request) {
        PassVerdict best = null;
        List<String> shown = cookie.values(request);
        if (shown.isEmpty()) {
            return null;
        }
        Binding.Bound bound = terms.config().binding().of(request);
        int level = Math.max(Pass.LOWEST, request.route().requiredLevel());
        for (String token : shown) {
            PassVerdict verdict = tokens.look(token, request.host(), bound, level);
            if (best == null || verdict.result().compareTo(best.result()) > 0) {
                best = verdict;
            }
        }
        return best;
    }

    /** Has {@code request} show the level of its pass if it brings a good one. */
    void recognise(RequestContext request) {
        PassVerdict verdict = look(request);
        Pass pass = verdict == null || verdict.result() != PassResult.VALID ? null : verdict.pass();
        if (pass != null) {
            request.passLevel(pass.level());
        }
    }

    /** Whether sending the visitor of {@code request} to that challenge would lead nowhere once more; counts if so. */
    boolean loops(RequestContext request, Decision.Challenge challenge) {
        if (guard.exhausted(request)) {
            counts.loop();
            return true;
        }
        String policy = challenge.cause().policy();
        if (policy != null) {
            orders.ordered(request, request.site().label(policy));
        }
        return false;
    }

    /** How much a proof is worth of which this is said. */
    int level(Verified verified) {
        return terms.config().level(method(verified));
    }

    private static String method(Verified verified) {
        String method = verified.method();
        return method == null || !Pass.METHODS.contains(method) ? Pass.ESPER : method;
    }

    /** The value of Set-Cookie for whoever has brought {@code proof}, of which this is said; null if it does not fit in one. */
    @Nullable
    String issue(RequestContext request, String proof, Verified verified, @Nullable Pass before) {
        boolean asksAgain = !terms.config().reverify().isZero();
        Earned earned = new Earned(proof, method(verified), verified.expiresAtMillis());
        return issue(request, earned, print(proof), asksAgain ? proof : null, before);
    }

    /** The same for whatever was earned; {@code token} is what will be asked about again. */
    @Nullable
    String issue(
            RequestContext request, Earned earned, Fingerprint print, @Nullable String token, @Nullable Pass before) {
        long now = terms.epochMillis().getAsLong();
        Binding binding = terms.config().binding();
        Binding.Bound bound = binding.of(request);
        if (before != null && binding.sameAgent(before.bound(), bound)) {
            // Who has passed over both address families is not asked again whenever his device changes its mind.
            bound = bound.with(before.bound());
        }
        long end = Math.min(earned.expiresAtMillis(), now + terms.maxLifetime().toMillis());
        Pass pass = new Pass(terms.config().level(earned.method()), earned.method(), now, end, print, bound, token);
        String made = tokens.issue(pass, request.host());
        if (made == null) {
            return null;
        }
        memory.confirmed(print, bound, now);
        return cookie.set(request, made, Math.max(1, (end - now) / 1000));
    }

    /**
     * Makes {@code proof} the visitor's of {@code request}, unless it is somebody else's already, here or at another replica.
     *
     * @param expiresAtMillis until when it counts
     */
    void claim(RequestContext request, String proof, long expiresAtMillis, ClaimSink sink) {
        Fingerprint print = print(proof);
        Fingerprint holder = terms.config().binding().of(request).print();
        long left = Math.min(expiresAtMillis - terms.epochMillis().getAsLong(), LONGEST_CLAIM.toMillis());
        terms.claims().claim(print.stateKey(), holder.stateKey(), left, sink);
    }

    /** Whether somebody else has shown {@code proof} before. */
    boolean isReplayed(RequestContext request, String proof) {
        return memory.isAnothers(print(proof), terms.config().binding().of(request));
    }

    static Fingerprint print(String proof) {
        return Fingerprint.of("proof", proof);
    }

    KeyRing keys() {
        return keys;
    }

    Terms terms() {
        return terms;
    }

    ProofMemory memory() {
        return memory;
    }

    LoopGuard guard() {
        return guard;
    }

    /** What visitors have sent who have to pass a challenge first. */
    public KeptRequests kept() {
        return kept;
    }

    ChallengeOrders orders() {
        return orders;
    }

    /** These are in force from now on. */
    public void begin() {
        kept.begin();
    }

    /** How full is what is remembered. */
    public List<Fill> fills() {
        List<Fill> all = new ArrayList<>(List.of(memory.fill(), guard.fill(), orders.fill()));
        all.addAll(kept.fills());
        return List.copyOf(all);
    }

    /** What has become of them. */
    public PassCounts counts() {
        return counts;
    }
}
