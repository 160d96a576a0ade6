package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.request.RequestContext;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Remembers Esper's own answers for as long as is configured; Esper documents no expiry. Thread-safe. */
final class LearnedFeed implements MitigationFeed, Learning {
    private static final int LONGEST_REASON = 512;

    private final HybridConfig config;
    private final MitigationKeys keys;
    private final LongSupplier epochMillis;
    private volatile @Nullable MitigationSink sink;

    LearnedFeed(HybridConfig config, MitigationKeys keys, LongSupplier epochMillis) {
        this.config = config;
        this.keys = keys;
        this.epochMillis = epochMillis;
    }

    @Override
    public String name() {
        return "learned";
    }

    @Override
    public void start(MitigationSink told) {
        sink = told;
    }

    @Override
    public @Nullable String trouble() {
        return null;
    }

    @Override
    public void close() {
        sink = null;
    }

    @Override
    public MitigationKey key(RequestContext request) {
        return keys.of(request);
    }

    @Override
    public void learned(MitigationKey key, Action action, @Nullable String decisionId, @Nullable String reason) {
        learn(key, action, null, decisionId, reason);
    }

    /** The runtime API has answered a question about {@code request}. */
    void answered(RequestContext request, Decision decision) {
        Mitigation.Place place = decision instanceof Decision.Challenge challenge
                ? new Mitigation.Place(challenge.redirectUrl(), keys.place(request))
                : null;
        learn(
                keys.of(request),
                decision.action(),
                place,
                decision.cause().decisionId(),
                decision.cause().reason());
    }

    private void learn(
            MitigationKey key,
            Action action,
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
        if (kept.isZero()) {
            told.remove(key);
        } else {
            String shown =
                    reason == null || reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
            told.put(key, new Mitigation(action, epochMillis.getAsLong() + kept.toMillis(), place, decisionId, shown));
        }
    }
}
