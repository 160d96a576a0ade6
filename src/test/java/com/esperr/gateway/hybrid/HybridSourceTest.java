package com.esperr.gateway.hybrid;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.hybrid.Hybrids.Told;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.StateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HybridSourceTest {
    private static final String HYBRID_KEY = "X-Esper-Hybrid-Key";

    private final Hybrids hybrids = new Hybrids();

    private static RequestContext visitor() {
        return Requests.get("/a").with("User-Agent", "x").context();
    }

    private static RequestContext behindProxy(String key, String visitor) {
        return Requests.get("/a")
                .from("127.0.0.1")
                .with("X-Forwarded-For", visitor)
                .with(HYBRID_KEY, key)
                .context();
    }

    private static Decision blocked() {
        return new Decision.Block(new Cause("cloud", null, null, "d-1", "why", null, null));
    }

    private static DecisionSource always(Decision decision) {
        return answering(sink -> sink.decided(decision));
    }

    private static DecisionSource before(Decision decision) {
        return answering(sink -> sink.decidedBefore(decision));
    }

    private static DecisionSource answering(Consumer<DecisionSink> answer) {
        return new DecisionSource() {
            @Override
            public String name() {
                return "cloud";
            }

            @Override
            public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
                answer.accept(sink);
                return null;
            }

            @Override
            public @Nullable String trouble() {
                return null;
            }
        };
    }

    private static void learn(HybridSource source, RequestContext request, Action action) {
        Learning learning = source.learning();
        learning.learned(learning.key(request), action, Long.MAX_VALUE, null, null);
    }

    @Test
    void anAnswerIsEnforcedWithoutAskingUntilItExpires() {
        HybridSource source = hybrids.source();
        assertThat(Hybrids.ask(source, visitor()).abstained).isTrue();
        Told asked = Hybrids.ask(source.learningFrom(always(blocked())), visitor());
        assertThat(asked.decision).isEqualTo(blocked());
        hybrids.advance(Duration.ofMinutes(5).minusMillis(1));
        Decision decision = Hybrids.ask(source, visitor()).decision;
        assertThat(decision).isInstanceOf(Decision.Block.class);
        assertThat(decision.cause()).isEqualTo(new Cause("hybrid", null, null, "d-1", "why", null, null));
        hybrids.advance(Duration.ofMillis(1));
        assertThat(Hybrids.ask(source, visitor()).abstained).isTrue();
        assertThat(source.hits()).isEqualTo(1);
        assertThat(source.misses()).isEqualTo(2);
    }

    @Test
    void anAnswerOfBeforeIsNotLearnedAgain() {
        HybridSource source = hybrids.source();
        hybrids.advance(Duration.ofSeconds(10));
        Told told = Hybrids.ask(source.learningFrom(before(blocked())), visitor());
        assertThat(told.decision).isEqualTo(blocked());
        assertThat(Hybrids.ask(source, visitor()).abstained).isTrue();
    }

    @Test
    void othersAreNotMeant() {
        HybridSource source = hybrids.source();
        learn(source, visitor(), Action.BLOCK);
        List<RequestContext> others = List.of(
                Requests.get("/a").with("User-Agent", "y").context(),
                Requests.get("/a").context(),
                Requests.get("/a").with("User-Agent", "").context(),
                Requests.get("/a").with("User-Agent", "x").from("198.51.100.24").context());
        assertThat(others).allMatch(other -> Hybrids.ask(source, other).abstained);
    }

    @Test
    void anAllowEndsWhatWasRememberedAndIsItselfNotRemembered() {
        HybridSource source = hybrids.source();
        learn(source, visitor(), Action.BLOCK);
        learn(source, visitor(), Action.ALLOW);
        assertThat(Hybrids.ask(source, visitor()).abstained).isTrue();
        assertThat(source.size()).isZero();
    }

    @Test
    void anAllowIsRememberedIfConfigured() {
        hybrids.allow = Duration.ofSeconds(10);
        HybridSource source = hybrids.source();
        learn(source, visitor(), Action.ALLOW);
        assertThat(Hybrids.ask(source, visitor()).decision).isInstanceOf(Decision.Allow.class);
        hybrids.advance(Duration.ofSeconds(10));
        assertThat(Hybrids.ask(source, visitor()).abstained).isTrue();
    }

    @Test
    void aTrustedHopsKeyCountsBeforeTheInputs() {
        HybridSource source = hybrids.source();
        learn(source, behindProxy("k-1", "203.0.113.1"), Action.BLOCK);
        assertThat(Hybrids.ask(source, behindProxy("k-1", "203.0.113.2")).decision)
                .isInstanceOf(Decision.Block.class);
        assertThat(Hybrids.ask(source, behindProxy("k-2", "203.0.113.1")).abstained)
                .isTrue();
    }

    @Test
    void aVisitorsKeyIsNothing() {
        HybridSource source = hybrids.source();
        learn(source, behindProxy("k-1", "203.0.113.1"), Action.BLOCK);
        RequestContext forged = Requests.get("/a").with(HYBRID_KEY, "k-1").context();
        assertThat(Hybrids.ask(source, forged).abstained).isTrue();
        learn(source, forged, Action.BLOCK);
        assertThat(Hybrids.ask(source, Requests.get("/b").context()).decision).isInstanceOf(Decision.Block.class);
    }

    @Test
    void aChallengeLeadsOnlyBackToWhereItWasBegun() {
        HybridSource source = hybrids.source();
        Decision challenge = new Decision.Challenge("https://c.test/s-1", Cause.of("cloud"));
        Hybrids.ask(source.learningFrom(always(challenge)), visitor());
        assertThat(Hybrids.ask(source, visitor()).decision)
                .isInstanceOfSatisfying(
                        Decision.Challenge.class,
                        same -> assertThat(same.redirectUrl()).isEqualTo("https://c.test/s-1"));
        RequestContext elsewhere = Requests.get("/b").with("User-Agent", "x").context();
        assertThat(Hybrids.ask(source, elsewhere).abstained).isTrue();
    }

    @Test
    void aChallengeWithoutAnAddressUsesTheConfiguredOne() {
        hybrids.challenge = ChallengeUrl.parse("/c?back={return_url}");
        HybridSource source = hybrids.source();
        learn(source, visitor(), Action.CHALLENGE);
        assertThat(Hybrids.ask(source, visitor()).decision)
                .isInstanceOfSatisfying(
                        Decision.Challenge.class,
                        challenge ->
                                assertThat(challenge.redirectUrl()).isEqualTo("/c?back=https%3A%2F%2Fshop.test%2Fa"));
    }

    @Test
    void aChallengeThatLeadsNowhereIsAFailureWhenNobodyIsAsked() {
        hybrids.onMiss = OnMiss.ALLOW;
        HybridSource source = hybrids.source();
        learn(source, visitor(), Action.CHALLENGE);
        assertThat(Hybrids.ask(source, visitor()).failure).isEqualTo(FailureReason.CHALLENGE_UNUSABLE);
    }

    @Test
    void silenceOfAllFeedsIsAFailureOfWhatIsNotKnown() {
        hybrids.onMiss = OnMiss.ALLOW;
        hybrids.staleAfter = Duration.ofMinutes(1);
        HybridSource source = hybrids.source();
        learn(source, visitor(), Action.BLOCK);
        hybrids.advance(Duration.ofMinutes(1).plusMillis(1));
        assertThat(Hybrids.state(source, "learned").ageSeconds()).isEqualTo(60.001);
        assertThat(source.trouble()).contains("stale-after");
        assertThat(Hybrids.ask(source, visitor()).decision).isInstanceOf(Decision.Block.class);
        RequestContext other = Requests.get("/b").context();
        assertThat(Hybrids.ask(source, other).failure).isEqualTo(FailureReason.DECISION_STALE);
        learn(source, visitor(), Action.BLOCK);
        assertThat(source.trouble()).isNull();
        assertThat(Hybrids.ask(source, other).abstained).isTrue();
    }

    @Test
    void whoIsAskedAnywayIsNotHeldToSilence() {
        hybrids.staleAfter = Duration.ofMinutes(1);
        HybridSource source = hybrids.source();
        hybrids.advance(Duration.ofMinutes(2));
        assertThat(Hybrids.ask(source, visitor()).abstained).isTrue();
        assertThat(source.trouble()).isNotNull();
    }

    @Test
    void failuresAreNotLearned() {
        HybridSource source = hybrids.source();
        learn(source, visitor(), Action.BLOCK);
        DecisionSource failing = new DecisionSource() {
            @Override
            public String name() {
                return "cloud";
            }

            @Override
            public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
                sink.failed(FailureReason.DECISION_TIMEOUT, "");
                return null;
            }

            @Override
            public @Nullable String trouble() {
                return "ill";
            }
        };
        DecisionSource learning = source.learningFrom(failing);
        assertThat(Hybrids.ask(learning, visitor()).failure).isEqualTo(FailureReason.DECISION_TIMEOUT);
        assertThat(learning.trouble()).isEqualTo("ill");
        assertThat(learning.name()).isEqualTo("cloud");
        assertThat(Hybrids.ask(source, visitor()).decision).isInstanceOf(Decision.Block.class);
    }

    @Test
    void differentInputsNeverShareAKey() {
        hybrids.key = List.of("request_header[a]", "request_header[b]");
        ToldFeed told = new ToldFeed();
        HybridSource source = hybrids.source(told);
        List<String> values =
                new ArrayList<>(List.of("", "a", "aa", "a,a", "a, b", "a|b", "a;b=c", "null", "[a", "\t"));
        values.add("x".repeat(30_000));
        values.add("x".repeat(30_001));
        values.add(null);
        Set<StateKey> keys = new HashSet<>();
        for (String a : values) {
            for (String b : values) {
                Requests request = Requests.get("/");
                if (a != null) {
                    request.with("A", a);
                }
                if (b != null) {
                    request.with("B", b);
                }
                RequestContext context = request.context();
                StateKey key = source.learning().key(context);
                assertThat(keys.add(key)).as("%s and %s", a, b).isTrue();
                assertThat(key).isEqualTo(told.keys.ofValues(Arrays.asList(a, b)));
                assertThat(keys.add(told.keys.ofHybridKey("k" + keys.size()))).isTrue();
            }
        }
    }

    @Test
    void ofTwoHybridKeysNoneCounts() {
        HybridSource source = hybrids.source();
        learn(source, behindProxy("k-1", "203.0.113.1"), Action.BLOCK);
        RequestContext two = Requests.get("/a")
                .from("127.0.0.1")
                .with("X-Forwarded-For", "203.0.113.9")
                .with(HYBRID_KEY, "k-1")
                .with(HYBRID_KEY, "k-2")
                .context();
        assertThat(Hybrids.ask(source, two).abstained).isTrue();
        RequestContext endless = behindProxy("k".repeat(513), "203.0.113.9");
        assertThat(source.learning().key(endless)).isEqualTo(source.learning().key(behindProxy("", "203.0.113.9")));
    }

    @Test
    void anAnswerFromBeforeDoesNotEndWhatIsNewer() {
        HybridSource source = hybrids.source();
        Learning learning = source.learning();
        learn(source, visitor(), Action.BLOCK);
        long learnedAt = hybrids.millis.get();
        learning.learned(learning.key(visitor()), Action.ALLOW, learnedAt, null, null);
        assertThat(Hybrids.ask(source, visitor()).decision).isInstanceOf(Decision.Block.class);
        learning.learned(learning.key(visitor()), Action.ALLOW, learnedAt + 1, null, null);
        assertThat(Hybrids.ask(source, visitor()).abstained).isTrue();
    }

    @Test
    void aSilentSteadyFeedIsStaleWhateverIsLearned() {
        hybrids.onMiss = OnMiss.ALLOW;
        hybrids.staleAfter = Duration.ofMinutes(1);
        ToldFeed pushed = new ToldFeed();
        HybridSource source = hybrids.source(pushed);
        hybrids.advance(Duration.ofSeconds(50));
        pushed.sink.heard();
        hybrids.advance(Duration.ofSeconds(50));
        assertThat(source.trouble()).isNull();
        assertThat(Hybrids.state(source, "learned").ageSeconds()).isEqualTo(100);
        assertThat(Hybrids.state(source, "pushed").ageSeconds()).isEqualTo(50);
        hybrids.advance(Duration.ofSeconds(11));
        learn(source, visitor(), Action.ALLOW);
        assertThat(source.trouble()).contains("stale-after");
        assertThat(Hybrids.ask(source, visitor()).failure).isEqualTo(FailureReason.DECISION_STALE);
    }

    @Test
    void aFeedThatIsNotConnectedShowsInReadinessByName() {
        ToldFeed pushed = new ToldFeed();
        HybridSource source = hybrids.source(pushed);
        pushed.trouble = "not connected";
        assertThat(source.trouble()).isEqualTo("pushed: not connected");
        source.close();
        assertThat(pushed.closed).isTrue();
    }

    @Test
    void whatAFeedTellsByValuesIsEnforcedAndWhatIsLearnedIsPassedOn() {
        ToldFeed pushed = new ToldFeed();
        HybridSource source = hybrids.source(pushed);
        assertThat(pushed.keys.inputs()).containsExactly("client_ip", "user_agent");
        StateKey key = pushed.keys.ofValues(List.of("198.51.100.23", "x"));
        pushed.sink.put(key, new Mitigation(Action.BLOCK, hybrids.millis.get() + 1_000, "d-9", "by hand"));
        assertThat(Hybrids.ask(source, visitor()).decision.cause())
                .isEqualTo(new Cause("hybrid", null, null, "d-9", "by hand", null, null));
        RequestContext other = Requests.get("/b").context();
        learn(source, other, Action.ALLOW);
        learn(source, other, Action.BLOCK);
        learn(source, other, Action.ALLOW);
        assertThat(pushed.passedOn).containsExactly(Action.BLOCK, null);
    }

    @Test
    void gatewaysThatShareASeedShareKeys() {
        hybrids.seed = new HashSeed(1, 2);
        Learning one = hybrids.source().learning();
        Learning another = hybrids.source().learning();
        assertThat(one.key(visitor())).isEqualTo(another.key(visitor()));
        assertThat(one.generation()).isEqualTo(another.generation());
        hybrids.key = List.of("client_ip");
        assertThat(hybrids.source().learning().generation()).isNotEqualTo(one.generation());
        hybrids.seed = null;
        assertThat(hybrids.source().learning().generation())
                .isNotEqualTo(hybrids.source().learning().generation());
    }
}
