package com.esperr.gateway.challenge;

import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.ReturnUrl;
import com.esperr.gateway.state.Claims;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Challenges that are taken on a page of ours: a decision opens a session, the page ends it with a proof, and the boundary
 * has the proof verified. Thread-safe and never blocks.
 */
public final class HostedChallenges {
    /** The path under which the pages are, followed by the session. */
    public static final String PATH = "/challenge/";

    private final ChallengeSessions sessions;
    private final Claims claims;
    private final LongSupplier epochMillis;
    private final Supplier<String> publicUrl;
    private final LongAdder opened = new LongAdder();
    private final LongAdder passed = new LongAdder();
    private volatile ProofTokens proofs;

    /**
     * Challenges as {@code config} has them.
     *
     * @param keys the secrets of proofs
     * @param claims where it is remembered which proofs were used
     * @param publicUrl scheme, host and port under which visitors reach the pages
     */
    public HostedChallenges(
            HostedConfig config,
            KeyRing keys,
            Claims claims,
            Supplier<String> publicUrl,
            LongSupplier nanos,
            LongSupplier epochMillis) {
        this.publicUrl = publicUrl;
        this.claims = claims;
        this.epochMillis = epochMillis;
        this.sessions = new ChallengeSessions(config.maxSessions(), config.sessionLifetime(), nanos, epochMillis);
        this.proofs = proofs(config, keys);
    }

    private ProofTokens proofs(HostedConfig config, KeyRing keys) {
        return new ProofTokens(keys, config.proofLifetime(), config.singleUse() ? claims : null, epochMillis);
    }

    /** Opens sessions and judges proofs as {@code next} has it from now on; sessions under way last as long as they were to. */
    public void retune(HostedConfig next, KeyRing keys) {
        sessions.retune(next.maxSessions(), next.sessionLifetime());
        proofs = proofs(next, keys);
    }

    /**
     * Where challenges of {@code tenant} are: each time a new session.
     *
     * @param returnHosts the hosts that a visitor is sent back to with his proof
     */
    public ChallengePlace place(String tenant, ReturnHosts returnHosts) {
        return new Place(tenant, returnHosts);
    }

    /** Ends the sessions of a tenant that is served no more. */
    public void forget(String tenant) {
        sessions.forget(tenant);
    }

    /** The session called {@code id}, or null if there is none any more. */
    public @Nullable ChallengeSession find(String id) {
        return sessions.find(id);
    }

    /**
     * The visitor has done what {@code method} asks for; ends the session.
     *
     * @return where the visitor goes now, with the proof, or null if the session was over
     */
    public @Nullable Passed pass(String id, String method) {
        ChallengeSession session = sessions.take(id);
        if (session == null) {
            return null;
        }
        passed.increment();
        String back = session.returnUrl();
        String location = back == null ? null : withProof(back, proofs.issue(session, method));
        return new Passed(location, session.tenant(), session.policy());
    }

    /** Looks at a proof that somebody of {@code tenant} shows; {@code sink} is told once, on the calling thread. */
    public void verify(String token, String tenant, Consumer<ProofVerdict> sink) {
        proofs.verify(token, tenant, sink);
    }

    /** Sessions under way, roughly. */
    public long sessions() {
        return sessions.size();
    }

    /** How full is what remembers them. */
    public Fill fill() {
        return sessions.fill();
    }

    /** Sessions that were opened. */
    public long opened() {
        return opened.sum();
    }

    /** Sessions that ended with a proof. */
    public long passed() {
        return passed.sum();
    }

    /** Sessions that were dropped before their time, because there were too many. */
    public long dropped() {
        return sessions.dropped();
    }

    private static String withProof(String url, String token) {
        int mark = url.indexOf('?');
        char join = mark < 0 ? '?' : '&';
        // A token is base64url with a dot, which needs no encoding in a query.
        return url + (mark == url.length() - 1 ? "" : join) + ReturnUrl.PROOF_PARAMETER + '=' + token;
    }

    /**
     * The end of a session.
     *
     * @param location the URL to go back to, or null if nobody said one
     * @param tenant whose visitor it was
     * @param policy the policy that had ordered the challenge, or null if nobody knows
     */
    public record Passed(
            @Nullable String location,
            String tenant,
            @Nullable String policy) {}

    /** Opens a session for every challenge of one tenant. */
    private final class Place implements ChallengePlace {
        private final String tenant;
        private final ReturnHosts returnHosts;

        Place(String tenant, ReturnHosts returnHosts) {
            this.tenant = tenant;
            this.returnHosts = returnHosts;
        }

        @Override
        public String fill(RequestContext request) {
            return fill(request, null);
        }

        @Override
        public String fill(RequestContext request, @Nullable String policy) {
            opened.increment();
            return publicUrl.get()
                    + PATH
                    + sessions.open(tenant, back(request), policy).id();
        }

        private @Nullable String back(RequestContext request) {
            return returnHosts.has(request.authority()) ? ReturnUrl.of(request) : null;
        }
    }
}
