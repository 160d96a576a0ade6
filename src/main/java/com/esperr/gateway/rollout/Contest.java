package com.esperr.gateway.rollout;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.entity.EntityKeys;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicyResults;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.policy.Trial;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.WindowCount;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.MemoryWindows;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.state.Windows;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New policies beside those in force: either they only see the requests, with windows and mitigations of their own, or they decide about some
 * visitors. Thread-safe; a request is decided on its event loop.
 *
 * <p>What is active for a visitor by the policies in force holds for him with the new ones, too. What the new ones order is kept apart, so
 * that it ends with them. Windows are shared: a clause that both have goes on counting when a visitor changes sides.
 */
final class Contest implements Trial, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Contest.class);
    private static final Deadline AT_ONCE = new Deadline(0);
    private static final double RESOLUTION = 1.0 / (1L << 53);
    // Not a secret: who reads the policies may know on which side he is.
    private static final long SALT = 0x726f6c6c6f7574L;

    private final PolicyEngine inForce;
    private final PolicyEngine deciding;
    private final PolicyEngine watching;
    private final Apart apart;
    private final PolicySet next;
    private final EntityKeys visitors;
    private volatile Round round;
    private volatile Reading reading;
    private volatile @Nullable String defect;

    /**
     * One stage as it goes on. Thread-safe as far as its tallies are.
     *
     * @param share of the visitors about whom the new policies decide
     * @param now what these did
     * @param before what those in force did meanwhile
     * @param differences between them, while the share is 0
     */
    record Round(double share, Tally now, Tally before, Differences differences) {
        static Round of(double share) {
            return new Round(share, new Tally(), new Tally(), new Differences());
        }

        /** The next one: where nobody is left to compare with, what was seen before counts. */
        Round then(double next) {
            return next < 1 ? of(next) : new Round(next, new Tally(), before, differences);
        }
    }

    /** Where new policies keep what is theirs. */
    private record Apart(
            MemoryWindows windows, Replicated<ActiveMitigation> watched, Replicated<ActiveMitigation> ordered) {}

    /** What both sets read of bodies. */
    private record Reading(Set<String> inForce, Set<String> both) {}

    /**
     * {@code next} beside the policies of {@code inForce}.
     *
     * @param terms on which both decide
     * @param stores of the new ones
     */
    Contest(
            PolicyEngine inForce,
            PolicySet next,
            PolicyEngine.Terms terms,
            Stores stores,
            List<FieldReference> visitor) {
        this.inForce = inForce;
        this.next = next;
        this.apart = new Apart(
                new MemoryWindows(stores.maxWindows(), stores.nanos()),
                new MemoryReplicated<>(stores.maxMitigations(), terms.millis()),
                stores.mitigations());
        this.deciding = new PolicyEngine(next, decides(terms), inForce.results());
        this.watching = new PolicyEngine(next, watches(terms), new PolicyResults());
        this.visitors = new EntityKeys(seed(next.hash()), terms.ipv6Prefix(), "rollout", visitor);
        this.round = Round.of(0);
        this.reading = reading(inForce.policies().bodyFields());
    }

    private PolicyEngine.Terms decides(PolicyEngine.Terms terms) {
        return with(terms, terms.windows(), apart.ordered());
    }

    private PolicyEngine.Terms watches(PolicyEngine.Terms terms) {
        return with(terms, apart.windows(), apart.watched());
    }

    private static PolicyEngine.Terms with(
            PolicyEngine.Terms terms, Windows windows, Replicated<ActiveMitigation> mitigations) {
        return new PolicyEngine.Terms(
                terms.tenant(),
                windows,
                mitigations,
                terms.seed(),
                terms.ipv6Prefix(),
                terms.challengeUrl(),
                terms.millis());
    }

    /** The same for all who have these policies, so that every gateway puts a visitor on the same side. */
    private static HashSeed seed(String hash) {
        return new HashSeed(SALT, Long.parseUnsignedLong(hash, 16));
    }

    /** Decides on other terms from now on. */
    void retune(PolicyEngine.Terms terms) {
        deciding.retune(decides(terms));
        watching.retune(watches(terms));
    }

    /** Hashes keys under another secret from now on. */
    void reseed(HashSeed shared) {
        deciding.reseed(shared);
        watching.reseed(shared);
    }

    /** Begins a stage in which the new policies decide about that share of visitors. */
    void begin(double share) {
        round = round.then(share);
    }

    /** How full is what it keeps apart. */
    List<Fill> fills() {
        Round now = round;
        return List.of(
                apart.windows().fill(Bounded.ROLLOUT_WINDOWS),
                apart.watched().fill(Bounded.ROLLOUT_MITIGATIONS),
                now.now().fill(),
                now.before().fill());
    }

    /** What goes on. */
    Round round() {
        return round;
    }

    /** The new policies. */
    PolicySet next() {
        return next;
    }

    /** What went wrong in the new policies themselves, or null. */
    @Nullable
    String defect() {
        return defect;
    }

    /** Forgets what the new policies have ordered. */
    void forget() {
        apart.ordered().forEach((key, kept) -> apart.ordered().remove(key));
    }

    /** Has what the new policies have ordered hold from now on as what those in force order does. */
    void handOver(Replicated<ActiveMitigation> mitigations) {
        apart.ordered().forEach((key, kept) -> mitigations.put(key, kept.value(), kept.expiresAtMillis()));
    }

    @Override
    public PolicyEngine about() {
        return inForce;
    }

    @Override
    public PolicyEngine tried() {
        return deciding;
    }

    @Override
    public @Nullable PolicyEngine engine(String hash) {
        return hash.equals(next.hash()) ? deciding : null;
    }

    @Override
    public PolicyEngine side(RequestContext request) {
        double share = round.share();
        return share > 0 && isMoved(visitors.of(request), share) ? deciding : inForce;
    }

    @Override
    public Set<String> bodyFields() {
        Set<String> now = inForce.policies().bodyFields();
        Reading known = reading;
        if (!known.inForce().equals(now)) {
            known = reading(now);
            reading = known;
        }
        return known.both();
    }

    private Reading reading(Set<String> now) {
        Set<String> both = new HashSet<>(now);
        both.addAll(next.bodyFields());
        return new Reading(now, Set.copyOf(both));
    }

    @Override
    public DecisionSource.@Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
        Round now = round;
        // Whatever is active for him already is the same on both sides.
        if (inForce.meets(request, sink)) {
            return null;
        }
        StateKey visitor = visitors.of(request);
        if (now.share() == 0) {
            return compare(now, request, visitor, deadline, sink);
        }
        if (!isMoved(visitor, now.share())) {
            return inForce.decide(request, deadline, counted(now.before(), request, visitor, sink));
        }
        Listening listening = counted(now.now(), request, visitor, sink);
        try {
            return deciding.decide(request, deadline, listening);
        } catch (RuntimeException thrown) {
            broken(thrown);
            return listening.told() ? null : inForce.decide(request, deadline, sink);
        }
    }

    private static boolean isMoved(StateKey visitor, double share) {
        return (visitor.high() >>> 11) * RESOLUTION < share;
    }

    private static Listening counted(Tally tally, RequestContext request, StateKey visitor, DecisionSink sink) {
        return new Listening(sink, said -> tally.count(request, visitor, said.action()));
    }

    private DecisionSource.@Nullable Cancellation compare(
            Round now, RequestContext request, StateKey visitor, Deadline deadline, DecisionSink sink) {
        Verdict is = watched(request);
        return inForce.decide(request, deadline, new Listening(sink, was -> {
            now.before().count(request, visitor, was.action());
            if (is != null) {
                now.now().count(request, visitor, is.action());
                now.differences().compare(request, was, is);
            }
        }));
    }

    private @Nullable Verdict watched(RequestContext request) {
        Remembered said = new Remembered();
        WindowCount counted = request.windows();
        try {
            // Its windows are in memory, so that it answers before this returns.
            watching.decide(request, AT_ONCE, said);
        } catch (RuntimeException thrown) {
            broken(thrown);
        } finally {
            request.countedAsBefore(counted);
        }
        return said.verdict();
    }

    private void broken(RuntimeException thrown) {
        if (defect == null) {
            LOG.error("rollout: the new policies threw", thrown);
        }
        defect = thrown.toString();
    }

    @Override
    public void solved(RequestContext request) {
        Round now = round;
        StateKey visitor = visitors.of(request);
        if (now.share() > 0 && isMoved(visitor, now.share())) {
            now.now().solved(visitor);
        } else {
            now.before().solved(visitor);
        }
    }

    @Override
    public void close() {
        deciding.close();
        watching.close();
    }
}
