package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.StateKey;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers Esper's own answers for as long as is configured, as Esper documents no expiry, and tells the other feeds of
 * them. Thread-safe.
 */
final class LearnedFeed implements MitigationFeed, Learning {
    private final HybridConfig config;
    private volatile MitigationKeys keys;
    private final List<MitigationFeed> others;
    private final LongSupplier epochMillis;
    private volatile @Nullable MitigationSink sink;
    private volatile @Nullable LearnedFeed next;

    LearnedFeed(HybridConfig config, MitigationKeys keys, List<MitigationFeed> others, LongSupplier epochMillis) {
        this.config = config;
        this.keys = keys;
        this.others = List.copyOf(others);
        this.epochMillis = epochMillis;
    }

    @Override
    public String name() {
        return "learned";
    }

    @Override
    public boolean steady() {
        return false;
    }

    @Override
    public void start(MitigationSink told, MitigationKeys same) {
        sink = told;
    }

    @Override
    public void learned(StateKey key, @Nullable Mitigation mitigation) {
        throw new UnsupportedOperationException("it is the one that tells the others");
    }

    @Override
    public @Nullable String trouble() {
        return null;
    }

    @Override
    public void close() {
        sink = null;
    }

    /** Tells {@code other}, which is to take the place of this, of everything that is learned here; null ends that. */
    void tell(@Nullable LearnedFeed other) {
        next = other;
    }

    /** Learns under other keys from now on. */
    void under(MitigationKeys other) {
        keys = other;
    }

    @Override
    public StateKey key(RequestContext request) {
        return keys.of(request);
    }

    @Override
    public long generation() {
        return keys.generation();
    }

    @Override
    public void learned(
            StateKey key, Action action, long asOfMillis, @Nullable String decisionId, @Nullable String reason) {
        learn(key, action, asOfMillis, null, decisionId, reason);
        LearnedFeed also = next;
        if (also != null && also.generation() == generation()) {
            also.learned(key, action, asOfMillis, decisionId, reason);
        }
    }

    /** The runtime API has answered a question about {@code request}. */
    void answered(RequestContext request, Decision decision) {
        Mitigation.Place place = decision instanceof Decision.Challenge challenge
                ? new Mitigation.Place(challenge.redirectUrl(), keys.place(request))
                : null;
        learn(
                keys.of(request),
                decision.action(),
                request.observedAtMillis(),
                place,
                decision.cause().decisionId(),
                decision.cause().reason());
        LearnedFeed also = next;
        if (also != null) {
            also.answered(request, decision);
        }
    }

    private void learn(
            StateKey key,
            Action action,
            long asOfMillis,
            Mitigation.@Nullable Place place,
            @Nullable String decisionId,
            @Nullable String reason) {
        MitigationSink told = sink;
        if (told == null) {
            return;
        }
        told.heard();
        Duration kept = switch (action) {
            case ALLOW -> config.allow();
            case CHALLENGE -> config.challenge();
            case BLOCK -> config.block();
        };
        if (action != Action.ALLOW) {
            long until = epochMillis.getAsLong() + kept.toMillis();
            Mitigation mitigation = new Mitigation(action, until, place, decisionId, reason);
            told.put(key, mitigation);
            others.forEach(feed -> feed.learned(key, mitigation));
            return;
        }
        if (told.remove(key, asOfMillis)) {
            others.forEach(feed -> feed.learned(key, null));
        }
        if (!kept.isZero()) {
            told.put(key, new Mitigation(action, epochMillis.getAsLong() + kept.toMillis(), decisionId, reason));
        }
    }
}
