package com.esperr.gateway.hybrid;

import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.bound.Housekeeping;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.StateKey;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by what Esper has said before, without a call: whoever has an active mitigation meets it here, and about everybody
 * else it has no opinion, so that the next source is asked or the request allowed. Thread-safe; answers before it returns.
 */
public final class HybridSource implements DecisionSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HybridSource.class);
    private static final String NAME = "hybrid";
    private static final String STALE = "no feed has told anything for hybrid.stale-after";

    private final HybridConfig config;
    private volatile MitigationKeys keys;
    private final MitigationStore store;
    private final LearnedFeed learned;
    private final Map<MitigationFeed, FeedSink> feeds = new LinkedHashMap<>();
    private final boolean steady;
    private final @Nullable Snapshots snapshots;
    private final @Nullable ChallengeUrl challenge;
    private @Nullable HybridSource before;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    private HybridSource(Terms terms, @Nullable HybridSource before) {
        this.config = terms.config();
        this.challenge = terms.challenge();
        this.store =
                new MitigationStore(config.maxEntries(), terms.nanos(), terms.epochMillis(), Housekeeping.shared());
        Path file = config.snapshot();
        long now = terms.epochMillis().getAsLong();
        Snapshot saved = file == null || before != null ? null : Snapshots.load(file, now, config.maxEntries());
        HashSeed seed = before != null && terms.seed() == null ? before.keys.seed() : seed(terms.seed(), saved);
        this.keys = new MitigationKeys(seed, config.inputs());
        this.learned = new LearnedFeed(config, keys, terms.feeds(), terms.epochMillis());
        if (config.feeds(FeedKind.LEARNED)) {
            FeedSink sink = new FeedSink(store, learned.steady(), terms.nanos());
            learned.start(sink, keys);
            feeds.put(learned, sink);
        }
        terms.feeds().forEach(feed -> feeds.put(feed, new FeedSink(store, feed.steady(), terms.nanos())));
        this.steady = feeds.values().stream().anyMatch(FeedSink::steady);
        if (before != null) {
            // First of all, so that nothing is missed between the two.
            before.learned.tell(learned);
            saved = before.snapshot();
        }
        if (saved != null) {
            restore(saved, saved.seed().equals(seed), before);
        }
        this.snapshots = file == null ? null : new Snapshots(file, config.snapshotInterval(), this::snapshot, store);
        this.before = before;
        feeds.forEach((feed, sink) -> {
            if (feed != learned) {
                feed.start(sink, keys);
            }
        });
    }

    /**
     * What a source is made of. Immutable.
     *
     * @param challenge where a challenge is that Esper has only announced, or null
     * @param feeds who tells of mitigations besides Esper's own answers; closed with the source
     * @param seed the secret of the keys where gateways share them, or null for the snapshot's or one of our own
     * @param nanos the clock of silences
     * @param epochMillis the clock of expiries
     */
    public record Terms(
            HybridConfig config,
            @Nullable ChallengeUrl challenge,
            List<MitigationFeed> feeds,
            @Nullable HashSeed seed,
            LongSupplier nanos,
            LongSupplier epochMillis) {}

    /** A source with what the snapshot holds, which this blocks to read. */
    public static HybridSource create(Terms terms) {
        HybridSource made = new HybridSource(terms, null);
        made.begin();
        return made;
    }

    /**
     * A source that is to take the place of {@code before}, with what is remembered there; it hears of what is learned there from now
     * on, and writes the snapshot when {@link #leaveTo} lets it.
     */
    public static HybridSource after(HybridSource before, Terms terms) {
        return new HybridSource(terms, before);
    }

    private void begin() {
        before = null;
        if (snapshots != null) {
            snapshots.start();
        }
    }

    /** Is not asked any more, and {@code next}, if there is one, goes on; who has asked before may still learn. */
    public void leaveTo(@Nullable HybridSource next) {
        close();
        if (next != null) {
            next.begin();
        }
    }

    /** The secret of what was remembered before the restart, which this blocks to read, or null. */
    public static @Nullable HashSeed savedSeed(HybridConfig config) {
        Path file = config.snapshot();
        Snapshot saved = file == null ? null : Snapshots.load(file, Long.MAX_VALUE, 0);
        return saved == null ? null : saved.seed();
    }

    /** Hashes under another secret from now on, on which gateways agreed; what was learned before is not met any more. */
    public void reseed(HashSeed shared) {
        if (!keys.seed().equals(shared)) {
            LOG.warn("hybrid: gateways agreed on another secret, what was learned here before is forgotten");
            keys = new MitigationKeys(shared, config.inputs());
            learned.under(keys);
        }
    }

    private static HashSeed seed(@Nullable HashSeed shared, @Nullable Snapshot saved) {
        if (shared != null) {
            return shared;
        }
        return saved == null ? HashSeed.random() : saved.seed();
    }

    /** What a feed had told that is not there any more nobody would ever take back, so it is left out. */
    private void restore(Snapshot saved, boolean sameSeed, @Nullable HybridSource from) {
        if (!sameSeed) {
            LOG.warn(
                    "hybrid.snapshot: {} was written under another secret, what was learned is forgotten",
                    config.snapshot());
        }
        feeds.forEach((feed, sink) -> {
            Snapshot.Told told = saved.told().get(feed.name());
            if (told == null) {
                return;
            }
            // A feed that keeps a memo has keys of its own.
            if (told.memo() != null) {
                feed.remember(told.memo());
            }
            if (sameSeed || told.memo() != null) {
                told.entries()
                        .forEach(from == null ? sink::put : (key, known) -> takeOver(key, known, sink, from.store));
            }
        });
    }

    /** It may be ended or replaced in both stores at this very moment, which must not be undone. */
    private void takeOver(StateKey key, Mitigation known, FeedSink sink, MitigationStore from) {
        MitigationStore.Kept kept = from.kept(key);
        if (kept != null && kept.mitigation().equals(known)) {
            MitigationStore.Kept mine = store.putIfUnknown(key, kept, sink);
            // Whoever ends it from now on finds it here; whoever has done so before is seen there.
            if (mine != null && !kept.equals(from.kept(key))) {
                store.remove(key, mine);
            }
        }
    }

    private Snapshot snapshot() {
        Map<String, @Nullable String> memos = memos();
        Snapshot taken = snapshot(memos);
        // Keys and memo belong together: when a feed has begun anew meanwhile, they are taken once more.
        while (!memos().equals(memos)) {
            memos = memos();
            taken = snapshot(memos);
        }
        return taken;
    }

    private Map<String, @Nullable String> memos() {
        Map<String, @Nullable String> memos = new HashMap<>();
        feeds.keySet().forEach(feed -> memos.put(feed.name(), feed.memo()));
        return memos;
    }

    private Snapshot snapshot(Map<String, @Nullable String> memos) {
        Map<FeedSink, Snapshot.Told> byTeller = new HashMap<>();
        Map<String, Snapshot.Told> told = new HashMap<>();
        feeds.forEach((feed, sink) -> {
            Snapshot.Told empty = new Snapshot.Told(memos.get(feed.name()), new HashMap<>());
            byTeller.put(sink, empty);
            told.put(feed.name(), empty);
        });
        store.entries().forEach((key, kept) -> {
            Snapshot.Told tellers = byTeller.get(kept.teller());
            if (tellers != null) {
                tellers.entries().put(key, kept.mitigation());
            }
        });
        return new Snapshot(keys.seed(), told);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
        Mitigation found = find(request);
        if (found == null) {
            misses.increment();
            missed(sink);
            return null;
        }
        hits.increment();
        Cause cause = new Cause(NAME, null, null, found.decisionId(), found.reason(), null, null);
        switch (found.action()) {
            case ALLOW -> sink.decided(new Decision.Allow(cause));
            case BLOCK -> sink.decided(new Decision.Block(cause));
            case CHALLENGE -> challenge(request, found, cause, sink);
        }
        return null;
    }

    private @Nullable Mitigation find(RequestContext request) {
        if (store.isEmpty()) {
            return null;
        }
        StateKey espers = keys.espers(request);
        Mitigation found = espers == null ? null : store.find(espers);
        if (found == null) {
            found = store.find(keys.byInputs(request));
        }
        for (Map.Entry<MitigationFeed, FeedSink> feed : feeds.entrySet()) {
            if (feed.getValue().entries() > 0) {
                for (StateKey key : feed.getKey().keys(request)) {
                    found = stricter(found, store.find(key));
                }
            }
        }
        return found;
    }

    private static @Nullable Mitigation stricter(@Nullable Mitigation one, @Nullable Mitigation other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.action().compareTo(one.action()) > 0 ? other : one;
    }

    private void missed(DecisionSink sink) {
        if (config.onMiss() == OnMiss.ALLOW && stale()) {
            sink.failed(FailureReason.DECISION_STALE, STALE);
        } else {
            sink.abstained();
        }
    }

    private void challenge(RequestContext request, Mitigation found, Cause cause, DecisionSink sink) {
        Mitigation.Place place = found.challenge();
        if (place != null && place.returnUrl().equals(keys.place(request))) {
            sink.decided(new Decision.Challenge(place.redirectUrl(), cause));
        } else if (challenge != null) {
            sink.decided(new Decision.Challenge(challenge.fill(request), cause));
        } else if (config.onMiss() == OnMiss.ASK) {
            // Only Esper can begin a challenge that leads back to this URL.
            sink.abstained();
        } else {
            sink.failed(FailureReason.CHALLENGE_UNUSABLE, "nowhere to send the visitor (challenge.url is not set)");
        }
    }

    /** Whether a feed that ought to speak is silent; the learned one ought to if there is no other. */
    private boolean stale() {
        long limit = config.staleAfter().toNanos();
        if (limit == 0) {
            return false;
        }
        for (FeedSink sink : feeds.values()) {
            if (sink.steady() == steady && sink.silentNanos() > limit) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable String trouble() {
        if (stale()) {
            return STALE;
        }
        for (MitigationFeed feed : feeds.keySet()) {
            String trouble = feed.trouble();
            if (trouble != null) {
                return feed.name() + ": " + trouble;
            }
        }
        // A snapshot that cannot be written is counted and logged: decisions do not suffer from it.
        return null;
    }

    /** A source that asks {@code asked} and remembers the answers here. */
    public DecisionSource learningFrom(DecisionSource asked) {
        return new LearningSource(asked, learned);
    }

    /** Where answers that come later are learned. */
    public Learning learning() {
        return learned;
    }

    /** Requests that met a mitigation. */
    public long hits() {
        return hits.sum();
    }

    /** Requests about which nothing was known. */
    public long misses() {
        return misses.sum();
    }

    /** Mitigations that are remembered, roughly. */
    public long size() {
        return store.size();
    }

    /** Mitigations that were dropped before they expired, because there were too many. */
    public long evictions() {
        return store.evictions();
    }

    /** How full is what remembers them. */
    public Fill fill() {
        return store.fill();
    }

    /** How the feeds are, in a fixed order. */
    public List<FeedState> feeds() {
        return feeds.entrySet().stream()
                .map(feed -> new FeedState(feed.getKey(), feed.getValue()))
                .toList();
    }

    /** How often the snapshot could not be written. */
    public long snapshotFailures() {
        return snapshots == null ? 0 : snapshots.failures();
    }

    /** Ends the feeds and saves what is remembered. */
    @Override
    public void close() {
        if (before != null) {
            before.learned.tell(null);
            before = null;
        }
        feeds.keySet().forEach(MitigationFeed::close);
        if (snapshots != null) {
            snapshots.close();
        }
    }
}
