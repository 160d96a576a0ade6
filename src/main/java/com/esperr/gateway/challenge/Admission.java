package com.esperr.gateway.challenge;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionChain;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.decision.ProofVerifier;
import com.esperr.gateway.decision.Verified;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.ClientForm;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.ReturnUrl;
import com.esperr.gateway.request.Tier;
import com.esperr.gateway.request.VirtualHost;
import com.esperr.gateway.state.ClaimSink;
import com.esperr.gateway.state.Claimed;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the decision chain: who comes back from a challenge with a good proof gets a pass and is sent to what he asked
 * for, and who has a pass is not asked about again while it lives; who has none that a route requires is sent for one.
 * Thread-safe; never blocks. A request that brings neither goes straight to the chain.
 */
public final class Admission {
    private final DecisionChain chain;
    private final @Nullable Passes passes;
    private final RequiredPasses required;
    private final BiConsumer<RequestContext, String> solved;
    private final @Nullable Reception reception;
    private final boolean monitor;

    /**
     * Before a chain.
     *
     * @param chain who decides
     * @param passes what visitors get, or null if nobody here could say whether a proof counts
     * @param reception answers for paths of ours, or null if there are none
     * @param place where visitors are sent for a pass that a route requires, or null if none does
     * @param solved told of a visitor who has passed a challenge, and which policy had sent him there
     * @param monitor whether nothing is enforced, so that nobody is sent anywhere either
     */
    public record Terms(
            DecisionChain chain,
            @Nullable Passes passes,
            @Nullable Reception reception,
            @Nullable ChallengePlace place,
            BiConsumer<RequestContext, String> solved,
            boolean monitor) {
        /** Only a chain; no passes. */
        public static Terms of(DecisionChain chain) {
            return new Terms(chain, null, null, null, (request, policy) -> {}, false);
        }
    }

    /** Before the chain of {@code terms}. */
    public Admission(Terms terms) {
        this.chain = terms.chain();
        this.passes = terms.passes();
        this.reception = terms.reception();
        this.required = new RequiredPasses(terms.place());
        this.solved = terms.solved();
        this.monitor = terms.monitor();
    }

    /**
     * Asks for a decision on {@code request}.
     *
     * @param deadline by when the chain calls {@code sink}, counted anew from where a proof had to be verified first
     * @param sink told exactly once unless the question is withdrawn, on the calling event loop, mostly before this returns
     * @return how to withdraw it, or null if it has been answered already
     */
    public DecisionSource.@Nullable Cancellation ask(
            RequestContext request, Deadline deadline, Consumer<Decision> sink) {
        Reception ours = reception;
        if (ours != null && ours.takes(request)) {
            return ours.answer(request, sink);
        }
        Passes known = passes;
        if (known == null || request.tier() == Tier.EXEMPT) {
            return chain.ask(request, deadline, sink);
        }
        if (request.traces().isEmpty()) {
            return chain.ask(request, deadline, required.by(request, sink));
        }
        return new Visit(known, request, deadline, sink).begin();
    }

    /** What becomes of requests whose visitors have to pass a challenge first, or null if nothing does. */
    public @Nullable KeptRequests kept() {
        Passes known = passes;
        return known == null || monitor ? null : known.kept();
    }

    /** Whether a challenge would lose what the visitor of {@code request} has sent, because it is too large to be kept; counts if so. */
    public boolean losesRequest(RequestContext request) {
        KeptRequests kept = kept();
        if (kept == null || kept.offer(request) != KeptRequests.Offer.TOO_LARGE) {
            return false;
        }
        kept.overflow();
        return true;
    }

    /**
     * Has the request that was kept taken away for whoever comes for it with a pass.
     *
     * @param sink told null if there is none any more, or none of his, on the calling event loop
     * @return false if {@code request} does not come for one
     */
    public boolean resumes(RequestContext request, Consumer<@Nullable KeptRequest> sink) {
        KeptRequests kept = kept();
        Passes known = passes;
        if (known == null || kept == null || !kept.isAwaited(request)) {
            return false;
        }
        PassVerdict verdict = known.look(request);
        if (verdict == null || verdict.result() != PassResult.VALID) {
            return false;
        }
        kept.take(request, sink);
        return true;
    }

    /** Whether sending the visitor of {@code request} to that challenge would lead nowhere once more; counts if so. */
    public boolean loops(RequestContext request, Decision.Challenge challenge) {
        return passes != null && passes.loops(request, challenge);
    }

    /** Looks at the pass of a request about which nobody asks. */
    public void recognise(RequestContext request) {
        if (passes != null && !request.traces().isEmpty()) {
            passes.recognise(request);
        }
    }

    /** One request that brings something; confined to the event loop that asks. */
    private final class Visit implements DecisionSource.Cancellation {
        private final Passes passes;
        private final RequestContext request;
        private final long budget;
        private final Consumer<Decision> sink;
        private final Deadline deadline;
        private DecisionSource.@Nullable Cancellation current;
        private boolean low;
        private boolean done;

        Visit(Passes passes, RequestContext request, Deadline deadline, Consumer<Decision> sink) {
            this.passes = passes;
            this.request = request;
            this.deadline = deadline;
            this.budget = deadline.remaining(now());
            this.sink = sink;
        }

        DecisionSource.@Nullable Cancellation begin() {
            PassVerdict verdict = passes.look(request);
            boolean passed = verdict != null && verdict.result() == PassResult.VALID;
            low = verdict != null && verdict.result() == PassResult.LOW;
            if (verdict != null && !passed) {
                passes.counts().count(verdict.result());
            }
            Pass pass = verdict == null ? null : verdict.pass();
            if (!request.traces().proofs().isEmpty()) {
                returned(passed, pass);
            } else {
                goOn(passed, pass);
            }
            return done ? null : this;
        }

        @Override
        public void cancel() {
            done = true;
            if (current != null) {
                current.cancel();
            }
        }

        // --- back from a challenge

        private void returned(boolean passed, @Nullable Pass pass) {
            List<String> proofs = request.traces().proofs();
            boolean get = request.method().equals("GET") || request.method().equals("HEAD");
            // A body cannot be sent on to another URL, and what is no page of its own does not follow or keep what it
            // is given.
            boolean page = get && ClientForm.of(request.method(), request.fields()) == ClientForm.HTML;
            if (monitor || request.site().enforcement() != VirtualHost.Enforcement.FULL || !page) {
                passes.counts().count(ProofResult.IGNORED);
                goOn(passed, pass);
            } else if (passed) {
                passes.counts().count(ProofResult.SPARED);
                tell(new Decision.Admit(onward(), null, Cause.PASS));
            } else {
                passes.guard().returned(request);
                returnedWithout(proofs, pass);
            }
        }

        private void returnedWithout(List<String> proofs, @Nullable Pass before) {
            if (proofs.size() > 1) {
                // Esper sends one; of several somebody else has put one there.
                passes.counts().count(ProofResult.IGNORED);
                askChain(deadline);
            } else if (passes.isReplayed(request, proofs.get(0))) {
                passes.counts().count(ProofResult.REPLAYED);
                askChain(deadline);
            } else {
                verify(proofs.get(0), before);
            }
        }

        private void goOn(boolean passed, @Nullable Pass pass) {
            if (passed && pass != null) {
                passed(pass);
            } else {
                askChain(deadline);
            }
        }

        private void verify(String proof, @Nullable Pass before) {
            ask(proof, new ProofVerifier.Sink() {
                @Override
                public void valid(Verified verified) {
                    if (verified.isFor(request.host())) {
                        claim(proof, verified, before);
                    } else {
                        // Brought from a site of somebody else's, to which its visitor was sent back.
                        passes.counts().count(ProofResult.ELSEWHERE);
                        askChain(renewed());
                    }
                }

                @Override
                public void invalid() {
                    passes.counts().count(ProofResult.INVALID);
                    askChain(renewed());
                }

                @Override
                public void failed(FailureReason reason, String detail) {
                    unverified(reason, detail);
                }
            });
        }

        /** Of several who show one proof at the same moment, and perhaps at different replicas, one has it. */
        private void claim(String proof, Verified verified, @Nullable Pass before) {
            passes.claim(request, proof, verified.expiresAtMillis(), new ClaimSink() {
                @Override
                public void claimed(Claimed outcome) {
                    if (done) {
                        return;
                    }
                    if (outcome == Claimed.TAKEN) {
                        passes.counts().count(ProofResult.REPLAYED);
                        askChain(renewed());
                    } else {
                        proven(proof, verified, before);
                    }
                }

                @Override
                public void failed(String detail) {
                    if (!done) {
                        unverified(FailureReason.DECISION_CONNECT, detail);
                    }
                }
            });
        }

        private void proven(String proof, Verified verified, @Nullable Pass before) {
            passes.counts().count(ProofResult.VALID);
            String policy = passes.orders().passed(request);
            if (policy != null) {
                solved.accept(request, policy);
            }
            if (low && before != null && before.level() > passes.level(verified)) {
                // What he has says more than what he brings, though not enough: a pass never gets worse.
                tell(new Decision.Admit(onward(), null, Cause.PASS));
                return;
            }
            String cookie = passes.issue(request, proof, verified, before);
            if (cookie == null) {
                askChain(renewed());
                return;
            }
            passes.counts().count(PassResult.ISSUED);
            tell(new Decision.Admit(onward(), cookie, Cause.PASS));
        }

        private String onward() {
            return passes.kept().onward(request, ReturnUrl.onThisSite(request));
        }

        private void unverified(FailureReason reason, String detail) {
            passes.counts().count(ProofResult.FAILED);
            // Nor does a question that failed stand in for the pass that a route requires.
            required.by(request, this::tell).accept(chain.failed(reason, "proof not verified: " + detail, request));
        }

        // --- with a pass

        private void passed(Pass pass) {
            long every = passes.terms().config().reverify().toMillis();
            if (every == 0) {
                admit(pass, deadline);
                return;
            }
            ProofMemory.Known known = passes.memory().find(pass.proof());
            long millis = passes.terms().epochMillis().getAsLong();
            long confirmed = Math.max(pass.issuedAtMillis(), known == null ? 0 : known.confirmedAtMillis());
            String proof = pass.token();
            if (known != null && known.revoked()) {
                refused();
            } else if (millis - confirmed < every || proof == null) {
                admit(pass, deadline);
            } else {
                // Whoever comes meanwhile need not ask as well.
                passes.memory().confirmed(pass.proof(), pass.bound(), millis);
                verifyAgain(proof, pass, confirmed);
            }
        }

        private void verifyAgain(String proof, Pass pass, long confirmed) {
            ask(proof, new ProofVerifier.Sink() {
                @Override
                public void valid(Verified verified) {
                    admit(pass, renewed());
                }

                @Override
                public void invalid() {
                    passes.memory().revoked(pass.proof(), pass.bound());
                    refused();
                }

                @Override
                public void failed(FailureReason reason, String detail) {
                    passes.memory().confirmed(pass.proof(), pass.bound(), confirmed);
                    if (chain.opens(reason, request)) {
                        admit(pass, renewed());
                    } else {
                        askChain(renewed());
                    }
                }
            });
        }

        private void admit(Pass pass, Deadline until) {
            request.passLevel(pass.level());
            passes.counts().count(PassResult.VALID);
            passes.guard().arrived(request);
            current = chain.askPassed(request, until, this::tell);
        }

        private void refused() {
            passes.counts().count(PassResult.REVOKED);
            askChain(renewed());
        }

        // --- both

        private void ask(String proof, ProofVerifier.Sink answer) {
            Deadline until = new Deadline(now() + passes.terms().verifyTimeout().toNanos());
            DecisionSource.Cancellation asked = passes.terms().verifier().verify(proof, until, answer);
            if (asked != null) {
                current = asked;
            }
        }

        private void askChain(Deadline until) {
            current = chain.ask(request, until, required.by(request, this::tell));
        }

        /** The chain gets as long as it would have had, had nothing been verified first. */
        private Deadline renewed() {
            return new Deadline(now() + budget);
        }

        private long now() {
            return passes.terms().nanos().getAsLong();
        }

        private void tell(Decision made) {
            done = true;
            sink.accept(made);
        }
    }
}
