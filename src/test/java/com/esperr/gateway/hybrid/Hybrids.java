package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.transport.BackOff;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A hybrid source whose time stands still until it is moved; confined to the test's thread. */
final class Hybrids {
    static final PushedConfig PUSHED = new PushedConfig(
            "/feed", Duration.ofSeconds(30), new BackOff(Duration.ofMillis(500), Duration.ofSeconds(30)));

    final AtomicLong millis = new AtomicLong(Requests.NOW);
    List<FeedKind> feed = List.of(FeedKind.LEARNED, FeedKind.PUSHED);
    OnMiss onMiss = OnMiss.ASK;
    Duration allow = Duration.ZERO;
    Duration staleAfter = Duration.ZERO;
    long maxEntries = 1000;
    List<String> key = List.of("client_ip", "user_agent");

    @Nullable
    HashSeed seed;

    @Nullable
    Path snapshot;

    @Nullable
    ChallengeUrl challenge;

    HybridConfig config() {
        return new HybridConfig(
                feed,
                PUSHED,
                key.stream().map(FieldReference::parse).toList(),
                onMiss,
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                allow,
                maxEntries,
                staleAfter,
                snapshot,
                Duration.ofHours(1));
    }

    HybridSource source(MitigationFeed... feeds) {
        return HybridSource.create(terms(feeds));
    }

    /** One that is to take the place of {@code before}. */
    HybridSource after(HybridSource before, MitigationFeed... feeds) {
        return HybridSource.after(before, terms(feeds));
    }

    private HybridSource.Terms terms(MitigationFeed... feeds) {
        return new HybridSource.Terms(config(), challenge, List.of(feeds), seed, this::nanos, millis::get);
    }

    long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(millis.get() - Requests.NOW);
    }

    void advance(Duration step) {
        millis.addAndGet(step.toMillis());
    }

    /** How the feed of that name is. */
    static FeedState state(HybridSource source, String name) {
        return source.feeds().stream()
                .filter(feed -> feed.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Told ask(DecisionSource source, RequestContext request) {
        Told told = new Told();
        source.decide(request, new Deadline(0), told);
        return told;
    }

    /** What a source said. */
    static final class Told implements DecisionSink {
        @Nullable
        Decision decision;

        @Nullable
        FailureReason failure;

        boolean abstained;

        @Override
        public void decided(Decision made) {
            decision = made;
        }

        @Override
        public void abstained() {
            abstained = true;
        }

        @Override
        public void failed(FailureReason reason, String detail) {
            failure = reason;
        }
    }
}
