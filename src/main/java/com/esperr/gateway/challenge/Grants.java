package com.esperr.gateway.challenge;

import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.ClaimSink;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Gives passes to those who have passed a challenge that is held here, without a proof in between. Thread-safe. */
public final class Grants {
    private final Passes passes;
    private final BiConsumer<RequestContext, String> solved;

    /** Gives what {@code passes} makes, and tells {@code solved} the policy that had sent a visitor to a challenge he has passed. */
    public Grants(Passes passes, BiConsumer<RequestContext, String> solved) {
        this.passes = passes;
        this.solved = solved;
    }

    /** How much it says that a challenge was passed by {@code method}. */
    public int level(String method) {
        return passes.terms().config().level(method);
    }

    /** Seals things for {@code purpose} under the keys of passes, which replicas share. */
    public Seals seals(String purpose) {
        return new Seals(passes.keys(), purpose);
    }

    /** For which site {@code request} asks, as far as passes tell sites apart. */
    public String site(RequestContext request) {
        return passes.terms().tenant() + '/' + request.host();
    }

    /** Whether {@code request} brings a pass that counts for {@code level}. */
    public boolean holds(RequestContext request, int level) {
        PassVerdict verdict = passes.look(request);
        Pass pass = verdict == null ? null : verdict.pass();
        // The paths of ours may lie in a route that requires more than what is asked for here.
        boolean good = verdict != null && (verdict.result() == PassResult.VALID || verdict.result() == PassResult.LOW);
        return good && pass != null && pass.level() >= level;
    }

    /**
     * Makes the solution of {@code challenge} the visitor's of {@code request}, unless it is somebody else's, here or at another replica.
     *
     * @param browser what tells browsers apart
     * @param millis how long it can be claimed at all
     */
    public void claim(RequestContext request, String challenge, String browser, long millis, ClaimSink sink) {
        Passes.Terms terms = passes.terms();
        Fingerprint holder = terms.config().binding().of(request).print();
        terms.claims()
                .claim(
                        Fingerprint.of("hosted", terms.tenant(), challenge).stateKey(),
                        Fingerprint.of("holder", holder.hex(8), browser).stateKey(),
                        millis,
                        sink);
    }

    /**
     * The value of Set-Cookie for whoever has earned a pass; null if it does not fit in one.
     *
     * @param target what he asked for in the first place
     */
    public @Nullable String grant(RequestContext request, Earned earned, String target) {
        String policy = passes.orders().passed(request, target);
        if (policy != null) {
            solved.accept(request, policy);
        }
        PassVerdict verdict = passes.look(request);
        Fingerprint print = Fingerprint.of("earned", earned.challenge());
        String cookie = passes.issue(request, earned, print, null, verdict == null ? null : verdict.pass());
        if (cookie != null) {
            passes.counts().count(PassResult.ISSUED);
        }
        return cookie;
    }

    /** {@code target}, so that what the visitor of {@code request} had sent there is done, if it was kept. */
    public String onward(RequestContext request, String target) {
        return passes.kept().onward(request, target);
    }

    /** The visitor of {@code request} goes from a challenge to {@code target}, a path and query on this site. */
    public void returned(RequestContext request, String target) {
        passes.guard().returned(request, target);
    }
}
