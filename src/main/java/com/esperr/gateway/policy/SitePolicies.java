package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.HashSeed;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The engines of a gateway, each with a set of policies: which of them decides about a request, the site says for which it is.
 * Thread-safe. They count and mitigate apart, as tenants do.
 */
public final class SitePolicies implements DecisionSource {
    private final PolicyEngine usual;
    private final Map<String, PolicyEngine> all;
    private final AtomicReference<@Nullable Trial> trial;
    private final long errorsBefore;

    /**
     * Engines by the name of their set.
     *
     * @param engines one of them called {@value PolicyConfig#USUAL}, which decides about every site that names none
     */
    public SitePolicies(Map<String, PolicyEngine> engines) {
        this(engines, new AtomicReference<>(), 0);
    }

    private SitePolicies(Map<String, PolicyEngine> engines, AtomicReference<@Nullable Trial> trial, long errorsBefore) {
        this.trial = trial;
        this.errorsBefore = errorsBefore;
        this.usual = Objects.requireNonNull(engines.get(PolicyConfig.USUAL), PolicyConfig.USUAL);
        this.all = Collections.unmodifiableMap(new LinkedHashMap<>(engines));
    }

    /** The same with {@code others}, some of them new, some missing: what is tried is tried by both, and no count falls. */
    public SitePolicies with(Map<String, PolicyEngine> others) {
        long gone = all.values().stream()
                .filter(engine -> !others.containsValue(engine))
                .mapToLong(PolicyEngine::conditionErrors)
                .sum();
        return new SitePolicies(others, trial, errorsBefore + gone);
    }

    /** How many expressions could not be evaluated, and counted as not fulfilled. */
    public long conditionErrors() {
        return errorsBefore
                + all.values().stream().mapToLong(PolicyEngine::conditionErrors).sum();
    }

    /** Keys of visitors are hashed under another secret from now on. */
    public void reseed(HashSeed shared) {
        all.values().forEach(engine -> engine.reseed(shared));
    }

    /** The one that decides about {@code request}. */
    public PolicyEngine of(RequestContext request) {
        String set = request.site().policies();
        PolicyEngine found = set == null ? usual : all.get(set);
        return found == null ? usual : found;
    }

    /** Has {@code other} decide from now on about what it is about, or nobody else any more. */
    public void attempt(@Nullable Trial other) {
        Trial before = trial.getAndSet(other);
        if (before != null) {
            before.about().beside(null);
        }
        if (other != null) {
            other.about().beside(other.tried());
        }
    }

    /**
     * How policies came to what they said about {@code request}, as {@link PolicyEngine#account}.
     *
     * @param hash of those that were asked
     */
    public PolicyAccount account(RequestContext request, String hash, @Nullable String until) {
        PolicyEngine engine = of(request);
        Trial now = trial.get();
        PolicyEngine other = now == null || now.about() != engine ? null : now.engine(hash);
        return (other == null ? engine : other).account(request, until);
    }

    /** Decides on {@code request} as if every window had counted {@code hits}, this one among them, and leaves no trace anywhere. */
    public void rehearse(RequestContext request, int hits, DecisionSink sink) {
        PolicyEngine engine = of(request);
        Trial now = trial.get();
        // Whatever is active for him already is the same on both sides of a trial.
        boolean alone = now == null || now.about() != engine || engine.isMet(request);
        (now == null || alone ? engine : now.side(request)).rehearse(request, hits, sink);
    }

    /** What the policies of {@code engine}, and those that are tried beside them, read of bodies. */
    public Set<String> bodyFields(PolicyEngine engine) {
        Trial now = trial.get();
        return now == null || now.about() != engine ? engine.policies().bodyFields() : now.bodyFields();
    }

    /** All of them, by name. */
    public Map<String, PolicyEngine> byName() {
        return all;
    }

    /** All of them. */
    public Collection<PolicyEngine> all() {
        return all.values();
    }

    /** The one that decides about sites that name none. */
    public PolicyEngine usual() {
        return usual;
    }

    /** How a policy of that set is called where those of all sets meet; also in the labels of metrics. */
    public static String label(String set, String policy) {
        return set.equals(PolicyConfig.USUAL) ? policy : set + '/' + policy;
    }

    /** The visitor of {@code request}, whom the policy of that label had sent to a challenge, has passed it. */
    public void challengeSolved(RequestContext request, String label) {
        challengeSolved(label);
        Trial now = trial.get();
        if (now != null && now.about() == of(request)) {
            now.solved(request);
        }
    }

    void challengeSolved(String label) {
        // No id of a policy has a slash.
        int slash = label.indexOf('/');
        PolicyEngine engine = slash < 0 ? usual : all.get(label.substring(0, slash));
        if (engine != null) {
            engine.results().of(label.substring(slash + 1)).challengeSolved();
        }
    }

    @Override
    public String name() {
        return usual.name();
    }

    @Override
    public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
        PolicyEngine engine = of(request);
        Trial now = trial.get();
        return now != null && now.about() == engine
                ? now.decide(request, deadline, sink)
                : engine.decide(request, deadline, sink);
    }

    /** That of the usual one: they share their stores, and nothing else is ever in trouble. */
    @Override
    public @Nullable String trouble() {
        return usual.trouble();
    }
}
