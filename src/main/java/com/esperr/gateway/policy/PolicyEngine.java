package com.esperr.gateway.policy;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.state.Windows;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The embedded engine: decides by the policies in force. Thread-safe; a request is evaluated on its own event loop against
 * the set that was in force when it came, and with windows in memory it is answered before {@link #decide} returns.
 *
 * <p>It abstains when nothing matches. When only clauses in mode monitor match it allows, and the cause says what would have
 * been done, so it belongs at the end of a chain of sources.
 */
public final class PolicyEngine implements DecisionSource, AutoCloseable {
    /**
     * What evaluation needs besides policies. Immutable.
     *
     * @param tenant whose requests are decided; visitors of two tenants never meet, although they share the stores
     * @param windows where hits are counted
     * @param mitigations what is active for whom
     * @param seed the secret of all that share the stores; the tenant's own is derived from it
     * @param ipv6Prefix how many leading bits of an IPv6 address are one visitor
     * @param challengeUrl where a challenge goes whose mitigation says nothing else, or null
     * @param millis the clock of lifetimes, epoch milliseconds
     */
    public record Terms(
            String tenant,
            Windows windows,
            Replicated<ActiveMitigation> mitigations,
            HashSeed seed,
            int ipv6Prefix,
            @Nullable ChallengePlace challengeUrl,
            LongSupplier millis) {
        /** The tenant of an engine inside a gateway. */
        public static final String EMBEDDED = "default";

        /** The same for the tenant alone: its seed. */
        Terms own() {
            return under(seed);
        }

        /** The same for the tenant alone when this seed is shared. */
        Terms under(HashSeed shared) {
            return new Terms(tenant, windows, mitigations, shared.derived(tenant), ipv6Prefix, challengeUrl, millis);
        }
    }

    private volatile Terms terms;
    private final LongAdder errorsBefore = new LongAdder();
    private final PolicyResults results;
    private final AutoCloseable following;
    private volatile InForce force;
    private volatile @Nullable PolicyEngine beside;

    /** An engine with {@code policies} in force. */
    public PolicyEngine(PolicySet policies, Terms terms) {
        this(policies, terms, new PolicyResults());
    }

    /** The same that counts what comes of policies in {@code results}. */
    public PolicyEngine(PolicySet policies, Terms terms, PolicyResults results) {
        this.results = results;
        this.terms = terms.own();
        this.force = InForce.of(policies, this.terms, results, Set.of());
        // Before what is there already is looked at, so that nothing falls between the two.
        this.following = terms.mitigations().follow(new Newcomers());
        put(policies);
    }

    /** Hashes keys under another secret from now on, on which all who share the stores have agreed. */
    public void reseed(HashSeed shared) {
        synchronized (this) {
            Terms next = terms.under(shared);
            if (!next.equals(terms)) {
                terms = next;
                put(force.set());
            }
        }
    }

    /**
     * Decides from now on on these terms, of which who a visitor is, whose he is and where he is challenged may be others than before;
     * the stores stay.
     */
    public void retune(Terms next) {
        synchronized (this) {
            terms = next.own();
            put(force.set());
        }
    }

    /** The policies in force. */
    public PolicySet policies() {
        return force.set();
    }

    /** Puts other policies in force, for requests that come from now on; those under way end by the policies they began with. */
    public synchronized void swap(PolicySet next) {
        errorsBefore.add(force.set().conditionErrors());
        put(next);
    }

    private synchronized void put(PolicySet next) {
        force = InForce.of(next, terms, results, mitigated());
    }

    /** What came of each policy so far. */
    public PolicyResults results() {
        return results;
    }

    /** How many mitigations are active, of all who share the store. */
    public long mitigationCount() {
        return terms.mitigations().size();
    }

    /** How many are active by policies that are tried beside these. */
    public long mitigationsBeside() {
        PolicyEngine tried = beside;
        return tried == null ? 0 : tried.mitigationCount();
    }

    /** How many were dropped before they expired, because there were too many. */
    public long mitigationsDropped() {
        return terms.mitigations().evictions();
    }

    /** The same of those that may be. */
    public Fill mitigationFill() {
        return terms.mitigations().fill(Bounded.MITIGATIONS);
    }

    /** The secret of this tenant, under which visitors' keys are hashed. */
    public HashSeed seed() {
        return terms.seed();
    }

    /** The visitor's key by the entity of that name, or null if no such entity is defined. */
    public @Nullable StateKey key(String entity, RequestContext request) {
        InForce now = force;
        EntityRule rule = now.set().entity(entity);
        return rule == null ? null : now.keys()[rule.index()].of(request);
    }

    /** How many expressions could not be evaluated, and counted as not fulfilled. */
    public long conditionErrors() {
        return errorsBefore.sum() + force.set().conditionErrors();
    }

    @Override
    public String name() {
        return LinkedClause.SOURCE;
    }

    @Override
    public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
        Evaluation evaluation = new Evaluation(force, terms, request, sink);
        evaluation.start(results);
        return evaluation.isClosed() ? null : evaluation;
    }

    /** Decides as if every window had counted {@code hits}, this one among them, and leaves no trace anywhere. */
    void rehearse(RequestContext request, int hits, DecisionSink sink) {
        Terms live = terms;
        Terms aside = new Terms(
                live.tenant(),
                Aside.windows(hits),
                Aside.mitigations(live.mitigations()),
                live.seed(),
                live.ipv6Prefix(),
                live.challengeUrl(),
                live.millis());
        PolicyResults nowhere = new PolicyResults();
        new Evaluation(InForce.of(force.set(), aside, nowhere, mitigated()), aside, request, sink).start(nowhere);
    }

    /** Whether something is active for the visitor of {@code request} that concerns it. */
    boolean isMet(RequestContext request) {
        InForce now = force;
        return new Visitor(now, terms, new Inputs(request, now.set().facts())).meets() != null;
    }

    /** Decides only if something is active for the visitor already; else answers false, and {@code sink} is told nothing. */
    public boolean meets(RequestContext request, DecisionSink sink) {
        Evaluation evaluation = new Evaluation(force, terms, request, sink);
        if (evaluation.visitor().meets() == null) {
            return false;
        }
        evaluation.start(results);
        return true;
    }

    /**
     * Shows a request to the policies like {@link #decide}, and also says what is active for its visitor afterwards.
     *
     * @param deadline by when the sink is called at the latest
     * @return how to withdraw the question, or null if it has been answered already
     */
    public @Nullable Cancellation analyse(RequestContext request, Deadline deadline, AnalysisSink sink) {
        InForce now = force;
        Analyst analyst = new Analyst(sink, now.set().hash());
        Evaluation evaluation = new Evaluation(now, terms, request, analyst);
        analyst.evaluation = evaluation;
        evaluation.start(results);
        return evaluation.isClosed() ? null : evaluation;
    }

    /**
     * How the policies in force come to what they say about {@code request}, on the event loop of which this is called. Nothing
     * is counted by it.
     *
     * @param until the policy at which they ended, or null if they were all asked
     */
    public PolicyAccount account(RequestContext request, @Nullable String until) {
        InForce now = force;
        return Accountant.account(now, new Inputs(request, now.set().facts()), until);
    }

    @Override
    public @Nullable String trouble() {
        String windows = terms.windows().trouble();
        return windows == null ? terms.mitigations().trouble() : windows;
    }

    /** Hears of mitigations no more; decides as before. */
    @Override
    public void close() {
        try {
            following.close();
        } catch (Exception failed) {
            throw new IllegalStateException("following mitigations could not be ended", failed);
        }
    }

    /** Other policies decide about some visitors of this tenant from now on, or none do. */
    void beside(@Nullable PolicyEngine tried) {
        beside = tried;
    }

    /** Those other policies, or null. */
    @Nullable
    PolicyEngine beside() {
        return beside;
    }

    /** The terms with the tenant's own seed. */
    Terms terms() {
        return terms;
    }

    /** The policies in force with this engine's keys. */
    InForce inForce() {
        return force;
    }

    /** The names of the entities of which somebody has an active mitigation. */
    private Set<String> mitigated() {
        Set<String> names = new HashSet<>();
        terms.mitigations().forEach((key, kept) -> {
            if (kept.value().tenant().equals(terms.tenant())) {
                names.add(kept.value().entity());
            }
        });
        return names;
    }

    /** Sees to it that mitigations of an entity that no clause mitigates are found as well: somebody may order them by hand. */
    private final class Newcomers implements Replicated.Follower<ActiveMitigation> {
        @Override
        public void put(StateKey key, ActiveMitigation value, long expiresAtMillis) {
            if (value.tenant().equals(terms.tenant()) && !force.asks(value.entity())) {
                synchronized (PolicyEngine.this) {
                    Set<String> names = mitigated();
                    names.add(value.entity());
                    force = InForce.of(force.set(), terms, results, names);
                }
            }
        }

        @Override
        public void removed(StateKey key) {}
    }

    /** Turns what an evaluation decides into what an analysis says. */
    private static final class Analyst implements DecisionSink {
        private final AnalysisSink sink;
        private final String hash;
        private @Nullable Evaluation evaluation;

        Analyst(AnalysisSink sink, String hash) {
            this.sink = sink;
            this.hash = hash;
        }

        @Override
        public void decided(Decision decision) {
            tell(decision);
        }

        @Override
        public void abstained() {
            tell(null);
        }

        @Override
        public void failed(FailureReason reason, String detail) {
            sink.failed(reason, detail);
        }

        private void tell(@Nullable Decision decision) {
            Visitor visitor = evaluation == null ? null : evaluation.visitor();
            sink.analysed(new Analysis(
                    decision,
                    visitor == null ? null : visitor.activeKey(),
                    visitor == null ? null : visitor.active(),
                    hash));
        }
    }
}
