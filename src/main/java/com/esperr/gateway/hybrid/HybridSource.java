package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.HashSeed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides by what Esper has said before, without a call: whoever has an active mitigation meets it here, and about everybody
 * else it has no opinion, so that the next source is asked or the request allowed. Thread-safe; answers before it returns.
 */
public final class HybridSource implements DecisionSource, AutoCloseable {
    private static final String NAME = "hybrid";

    private final HybridConfig config;
    private final MitigationKeys keys;
    private final MitigationStore store;
    private final LearnedFeed learned;
    private final List<MitigationFeed> feeds = new ArrayList<>();
    private final @Nullable Snapshots snapshots;
    private final @Nullable ChallengeUrl challenge;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    private HybridSource(
            HybridConfig config,
            @Nullable ChallengeUrl challenge,
            List<MitigationFeed> others,
            LongSupplier nanos,
            LongSupplier epochMillis) {
        this.config = config;
        this.challenge = challenge;
        this.store = new MitigationStore(config.maxEntries(), nanos, epochMillis, ForkJoinPool.commonPool());
        Path file = config.snapshot();
        Snapshot saved = file == null ? null : Snapshots.load(file, epochMillis.getAsLong(), config.maxEntries());
        if (saved != null) {
            saved.entries().forEach(store::put);
        }
        HashSeed seed = saved == null ? HashSeed.random() : saved.seed();
        this.keys = new MitigationKeys(seed, config.inputs());
        this.learned = new LearnedFeed(config, keys, epochMillis);
        this.snapshots = file == null ? null : new Snapshots(file, config.snapshotInterval(), seed, store);
        feeds.add(learned);
        feeds.addAll(others);
        feeds.forEach(feed -> feed.start(store));
    }

    /**
     * A source with what the snapshot holds, which this blocks to read.
     *
     * @param challenge where a challenge is that Esper has only announced, or null
     * @param feeds who tells of mitigations besides Esper's own answers; closed with the source
     * @param nanos the clock of silences
     * @param epochMillis the clock of expiries
     */
    public static HybridSource create(
            HybridConfig config,
            @Nullable ChallengeUrl challenge,
            List<MitigationFeed> feeds,
            LongSupplier nanos,
            LongSupplier epochMillis) {
        return new HybridSource(config, challenge, feeds, nanos, epochMillis);
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
        MitigationKey espers = keys.espers(request);
        Mitigation found = espers == null ? null : store.find(espers);
        return found == null ? store.find(keys.byInputs(request)) : found;
    }

    private void missed(DecisionSink sink) {
        if (config.onMiss() == OnMiss.ALLOW && stale()) {
            sink.failed(FailureReason.DECISION_STALE, "no feed has told anything for hybrid.stale-after");
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

    private boolean stale() {
        long limit = config.staleAfter().toNanos();
        return limit > 0 && store.silentNanos() > limit;
    }

    @Override
    public @Nullable String trouble() {
        if (stale()) {
            return "no feed has told anything for hybrid.stale-after";
        }
        for (MitigationFeed feed : feeds) {
            String trouble = feed.trouble();
            if (trouble != null) {
                return feed.name() + ": " + trouble;
            }
        }
        return snapshots == null ? null : snapshots.trouble();
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

    /** Seconds since a feed told anything, from the start if none ever has. */
    public double feedAgeSeconds() {
        return store.silentNanos() / 1e9;
    }

    /** Ends the feeds and saves what is remembered. */
    @Override
    public void close() {
        feeds.forEach(MitigationFeed::close);
        if (snapshots != null) {
            snapshots.close();
        }
    }
}
