package com.esperr.gateway.rollout;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.rollout.Progress.Phase;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.StateKey;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One set of policies on its way to take the place of another: stage after stage as long as nothing speaks against it, and back as soon as
 * something does. Thread-safe; changed under one lock, which whoever else replaces policies holds as well; nothing here is asked per request.
 *
 * <p>What has become of it is known by what both sets mean, so that the same attempt is not made twice. Gateways that share state share that:
 * the first one that goes on takes the others along, and one that goes back takes all back.
 */
public final class Rollout implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);
    private static final Duration KEPT = Duration.ofDays(90);
    private static final String ITSELF = "rollout";

    /** Why an order is not followed that cannot be recorded. */
    public static final String UNRECORDED =
            "not done, because it cannot be recorded (expected: log.audit can be written)";

    private final RolloutTerms terms;
    private final Map<Phase, LongAdder> ended = new EnumMap<>(Phase.class);
    private volatile RolloutConfig config;
    private volatile PolicySet base = PolicySet.EMPTY;
    private volatile @Nullable PolicySet next;
    private volatile @Nullable Progress progress;
    private volatile @Nullable Contest contest;
    private @Nullable Progress followed;

    /** Nothing is rolled out yet. */
    public Rollout(RolloutConfig config, RolloutTerms terms) {
        this.config = config;
        this.terms = terms;
        for (Phase phase : Phase.values()) {
            ended.put(phase, new LongAdder());
        }
    }

    /**
     * Rolls out as {@code other} says from now on.
     *
     * @param files what the files of that set say
     * @param candidate what is to take their place, or null for nothing
     */
    public void configure(RolloutConfig other, PolicySet files, @Nullable PolicySet candidate) {
        synchronized (terms.lock()) {
            boolean elsewhere =
                    !other.set().equals(config.set()) || !other.visitor().equals(config.visitor());
            if (elsewhere) {
                leave();
            }
            config = other;
            base = files;
            next = candidate;
            if (contest != null) {
                contest.retune(terms.tuning().apply(config.set()));
            }
            begin(false, ITSELF);
        }
    }

    /** How full is what it keeps, as far as it is {@code what}. */
    public List<Fill> fills(Bounded what) {
        return terms.stores().fills(what, contest);
    }

    /** The files of a set say {@code files} now: what is to be in force of it. */
    public PolicySet based(String set, PolicySet files) {
        synchronized (terms.lock()) {
            if (!set.equals(config.set())) {
                return files;
            }
            if (!files.hash().equals(base.hash())) {
                leave();
                base = files;
                begin(false, ITSELF);
            } else {
                base = files;
            }
            return wanted();
        }
    }

    /** The files of the new policies say {@code candidate} now. */
    public void candidate(PolicySet candidate) {
        synchronized (terms.lock()) {
            next = candidate;
            begin(false, ITSELF);
            settle(ITSELF);
        }
    }

    /** Keys are hashed under another secret from now on. */
    public void reseed(HashSeed shared) {
        synchronized (terms.lock()) {
            if (contest != null) {
                contest.reseed(shared);
            }
        }
    }

    /** Begins with the first stage, or goes on where it was known to be; answers whether that could be recorded. */
    private boolean begin(boolean again, String by) {
        PolicySet candidate = next;
        Contest running = contest;
        if (running != null && (candidate == null || !running.next().hash().equals(candidate.hash()))) {
            leave();
            running.forget();
        }
        if (candidate == null || candidate.hash().equals(base.hash())) {
            progress = null;
            return true;
        }
        long now = terms.millis().getAsLong();
        Progress known = again ? null : terms.stores().progress().find(key(candidate), now);
        if (known == null) {
            Progress last = again ? progress : null;
            boolean alone = !again && terms.stores().progress().trouble() != null;
            long began = alone ? 0 : last == null ? now : Math.max(now, last.began() + 1);
            if (!tell(new Progress(began, Phase.RUNNING, 0, now, again ? "begun again" : "begun"), candidate, by)) {
                if (!again) {
                    leave();
                    progress = null;
                }
                return false;
            }
            if (again) {
                leave();
            }
        } else {
            if (!known.equals(progress)) {
                LOG.info(
                        "rollout of {}: {}, as before: {}",
                        candidate.hash(),
                        known.phase().label(),
                        known.reason());
            }
            progress = known;
        }
        follow();
        if (known == null && contest != null) {
            contest.forget();
        }
        return true;
    }

    private StateKey key(PolicySet candidate) {
        return Progress.key(config.set(), base.hash(), candidate.hash());
    }

    /** It has come so far, if that is recorded; going back it has, whether or not. */
    private boolean tell(Progress made, PolicySet candidate, String by) {
        if (!terms.host().record(Chronicle.EVENT, by, Chronicle.about(made, config, base, candidate))
                && !made.phase().isBack()) {
            return false;
        }
        progress = made;
        // Until it is known what others know, they are not told.
        if (made.began() > 0) {
            terms.stores().progress().put(key(candidate), made, terms.millis().getAsLong() + KEPT.toMillis());
        }
        Chronicle.log(made, config, base, candidate);
        return true;
    }

    /** Has requests go the way that the progress says. */
    private void follow() {
        Progress now = progress;
        PolicySet candidate = next;
        if (now == null || candidate == null || now.phase() != Phase.RUNNING || now.equals(followed)) {
            return;
        }
        Contest running = contest;
        if (running == null) {
            PolicyEngine engine = terms.engines().get().byName().get(config.set());
            if (engine == null) {
                return;
            }
            running = new Contest(
                    engine, candidate, terms.tuning().apply(config.set()), terms.stores(), config.visitor());
            contest = running;
            terms.engines().get().attempt(running);
        }
        running.begin(config.share(now.stage()));
        followed = now;
    }

    private void leave() {
        Contest running = contest;
        if (running != null) {
            terms.engines().get().attempt(null);
            running.close();
            contest = null;
            followed = null;
        }
    }

    private PolicySet wanted() {
        Progress now = progress;
        PolicySet candidate = next;
        return candidate != null && now != null && now.phase() == Phase.PROMOTED ? candidate : base;
    }

    /** Puts in force what is to be, and ends what is over. */
    private void settle(String by) {
        PolicyEngine engine = terms.engines().get().byName().get(config.set());
        PolicySet wanted = wanted();
        Progress now = progress;
        boolean back = now != null && now.phase().isBack();
        if (engine == null
                || (!engine.policies().hash().equals(wanted.hash())
                        && !terms.host().replace(config.set(), wanted, by, back))) {
            return;
        }
        Contest running = contest;
        if (running != null && now != null && now.phase() != Phase.RUNNING) {
            if (now.phase() == Phase.PROMOTED) {
                running.handOver(terms.tuning().apply(config.set()).mitigations());
                leave();
            } else {
                leave();
                running.forget();
            }
        }
    }

    /** Looks at what has come of it, and goes on or back if it is time. */
    public void look() {
        synchronized (terms.lock()) {
            Progress now = progress;
            PolicySet candidate = next;
            if (candidate == null) {
                return;
            }
            if (now == null) {
                // That could not be recorded, or both mean the same.
                begin(false, ITSELF);
                settle(ITSELF);
                return;
            }
            Progress told = terms.stores()
                    .progress()
                    .find(key(candidate), terms.millis().getAsLong());
            if (told != null && told.outdoes(now)) {
                adopt(told, candidate);
            } else if (!now.equals(told) && terms.stores().progress().trouble() == null) {
                insist(now, candidate);
            } else if (now.phase() == Phase.RUNNING && contest != null) {
                judge(contest, now, candidate);
            }
            settle(ITSELF);
        }
    }

    /** Tells others what they do not know; whoever began without knowing what they know begins now, as it is nothing. */
    private void insist(Progress now, PolicySet candidate) {
        long time = terms.millis().getAsLong();
        Progress known =
                now.began() == 0 ? new Progress(time, now.phase(), now.stage(), now.since(), now.reason()) : now;
        progress = known;
        followed = followed == null ? null : known;
        terms.stores().progress().put(key(candidate), known, time + KEPT.toMillis());
    }

    private void adopt(Progress told, PolicySet candidate) {
        LOG.info(
                "rollout of {}: {}, stage {}, as another gateway says: {}",
                candidate.hash(),
                told.phase().label(),
                told.stage(),
                told.reason());
        progress = told;
        count(told.phase());
        follow();
    }

    private void judge(Contest running, Progress now, PolicySet candidate) {
        Contest.Round round = running.round();
        String against = running.defect();
        if (against == null) {
            against = config.bounds().crossed(round.now(), round.before());
        }
        if (against != null) {
            end(now, Phase.ROLLED_BACK, against, candidate, ITSELF);
            return;
        }
        long time = terms.millis().getAsLong();
        if (time - now.since() < config.duration().toMillis()
                || round.now().requests().of() < config.requests()) {
            return;
        }
        against = config.bounds().crossedAtEnd(round.now());
        if (against != null) {
            end(now, Phase.ROLLED_BACK, against, candidate, ITSELF);
        } else {
            advance(now, candidate, "nothing speaks against it", ITSELF);
        }
    }

    private boolean advance(Progress now, PolicySet candidate, String why, String by) {
        if (now.stage() >= config.last()) {
            return end(now, Phase.PROMOTED, why, candidate, by);
        }
        boolean told =
                tell(now.to(Phase.RUNNING, now.stage() + 1, terms.millis().getAsLong(), why), candidate, by);
        follow();
        return told;
    }

    private boolean end(Progress now, Phase how, String why, PolicySet candidate, String by) {
        boolean told = tell(now.to(how, now.stage(), terms.millis().getAsLong(), why), candidate, by);
        if (told) {
            count(how);
        }
        return told;
    }

    /**
     * Does what an operator orders.
     *
     * @param by who it is
     * @return why it cannot be done, {@link #UNRECORDED} for one, or null
     */
    public @Nullable String order(Order order, String by) {
        synchronized (terms.lock()) {
            Progress now = progress;
            PolicySet candidate = next;
            if (now == null || candidate == null) {
                return "rollout: none (expected: rollout.path with other policies than are in force)";
            }
            boolean runs = now.phase() == Phase.RUNNING;
            // One that is over begins anew with the order, so that gateways which know how it ended believe this
            // instead.
            long time = terms.millis().getAsLong();
            Progress anew =
                    runs ? now : new Progress(Math.max(time, now.began() + 1), now.phase(), now.stage(), time, "");
            if (order == Order.NEXT && !runs) {
                return "rollout: " + now.phase().label() + " (expected: running)";
            }
            boolean told = switch (order) {
                case NEXT -> advance(now, candidate, "ordered", by);
                case PROMOTE -> end(anew, Phase.PROMOTED, "ordered", candidate, by);
                case ABORT -> end(anew, Phase.ABORTED, "ordered", candidate, by);
                case AGAIN -> begin(true, by);
            };
            settle(by);
            return told ? null : UNRECORDED;
        }
    }

    /**
     * How it stands, for operators. Without the lock: whoever scrapes the metrics asks this while he keeps others from changing them, and who
     * replaces policies changes them under the lock.
     */
    public Standing standing() {
        PolicySet candidate = next;
        Contest running = contest;
        return new Standing(
                config,
                base.hash(),
                candidate == null ? null : candidate.hash(),
                progress,
                running == null ? null : running.round());
    }

    private void count(Phase how) {
        LongAdder counter = ended.get(how);
        if (counter != null) {
            counter.increment();
        }
    }

    /** How many have ended like that, by themselves or by an operator. */
    public long ended(Phase how) {
        LongAdder counter = ended.get(how);
        return counter == null ? 0 : counter.sum();
    }

    @Override
    public void close() {
        synchronized (terms.lock()) {
            leave();
        }
    }
}
