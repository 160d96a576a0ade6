package com.esperr.gateway.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionChain;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.decision.FailureTable;
import com.esperr.gateway.decision.ProofVerifier;
import com.esperr.gateway.decision.Verified;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.state.ClaimSink;
import com.esperr.gateway.state.Claims;
import com.esperr.gateway.state.MemoryClaims;
import com.esperr.gateway.state.MemoryDeposits;
import com.esperr.gateway.state.StateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest implements ProofVerifier, DecisionSource {
    private static final Deadline DEADLINE = new Deadline(Duration.ofMillis(250).toNanos());
    private static final Binding BINDING = new Binding(Set.of(), 24, 64);

    private static final Decision.Challenge CHALLENGE =
            new Decision.Challenge("https://c.test/", new Cause("local", "signup", null, null, null, null, null));

    private Decision answer = new Decision.Block(Cause.of("cloud"));
    private final List<String> solved = new ArrayList<>();
    private final ChallengePlace place =
            request -> "https://c.test/" + request.route().requiredLevel();
    private final AtomicLong nanos = new AtomicLong();
    private final List<Decision> told = new ArrayList<>();
    private final List<Deadline> asked = new ArrayList<>();
    private Claims claims = new MemoryClaims(1_000, nanos::get);
    private final Passes passes = new Passes(terms(BINDING, null), KeyRing.random());
    private final Admission admission = admission(passes);

    private ProofVerifier.@Nullable Sink sink;
    private @Nullable Deadline verifyUntil;
    private int withdrawn;

    private Admission admission(Binding binding) {
        return admission(new Passes(terms(binding, null), KeyRing.random()));
    }

    private Admission admission(Passes known) {
        DecisionChain chain = new DecisionChain(
                List.of(this),
                Configurations.read(
                                ConfigSource.load(null, Map.of(), Map.of()),
                                root -> FailureTable.read(root.section("failure"), null))
                        .value());
        return new Admission(
                new Admission.Terms(chain, known, null, place, (request, policy) -> solved.add(policy), false));
    }

    private Passes.Terms terms(Binding binding, @Nullable Path keyFile) {
        return new Passes.Terms(
                new PassConfig(
                        Duration.ZERO, binding, Map.of("esper", 2, "button", 1, "turnstile", 3), List.of(), keyFile),
                "shop",
                Duration.ofHours(1),
                Duration.ofSeconds(2),
                this,
                KeepConfig.NONE,
                new MemoryDeposits(0, nanos::get),
                claims,
                nanos::get,
                () -> Requests.NOW + nanos.get() / 1_000_000);
    }

    @Override
    public Cancellation verify(String proof, Deadline deadline, ProofVerifier.Sink told) {
        sink = told;
        verifyUntil = deadline;
        return () -> withdrawn++;
    }

    @Override
    public String name() {
        return "cloud";
    }

    @Override
    public boolean calls() {
        return true;
    }

    @Override
    public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink to) {
        asked.add(deadline);
        to.decided(answer);
        return null;
    }

    @Override
    public @Nullable String trouble() {
        return null;
    }

    private static RequestContext back(String path) {
        return Requests.get(path + "?esper_challenge_proof=p")
                .with("Accept", "text/html")
                .context();
    }

    private DecisionSource.@Nullable Cancellation ask(RequestContext request) {
        return admission.ask(request, DEADLINE, told::add);
    }

    @Test
    void aQuestionThatIsWithdrawnWithdrawsTheVerification() {
        DecisionSource.Cancellation question = ask(back("/"));
        assertThat(question).isNotNull();
        question.cancel();
        assertThat(withdrawn).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void theDecisionHasItsWholeTimeBehindAVerification() {
        ask(back("/"));
        assertThat(verifyUntil).isEqualTo(new Deadline(Duration.ofSeconds(2).toNanos()));
        nanos.addAndGet(Duration.ofMillis(1_900).toNanos());
        sink.invalid();
        assertThat(asked).containsExactly(new Deadline(Duration.ofMillis(2_150).toNanos()));
        assertThat(told).extracting(Decision::action).containsExactly(Action.BLOCK);
    }

    @Test
    void aPassLivesAsLongAsTheProofAndNeverLongerThanTheCap() {
        ask(back("/"));
        sink.valid(new Verified(Requests.NOW + Duration.ofDays(2).toMillis(), null, null));
        assertThat(told).singleElement().isInstanceOfSatisfying(Decision.Admit.class, admit -> {
            assertThat(admit.location()).isEqualTo("/");
            assertThat(admit.cookie()).contains("; Max-Age=3600;");
        });
        assertThat(asked).isEmpty();
    }

    @Test
    void ofTwoBrowsersThatShowOneProofAtTheSameMomentOneHasIt() {
        Admission bound = admission(new Binding(Set.of(Binding.Kind.USER_AGENT), 24, 64));
        List<ProofVerifier.Sink> asking = new ArrayList<>();
        for (String agent : List.of("one", "two", "one")) {
            bound.ask(
                    Requests.get("/?esper_challenge_proof=p")
                            .with("Accept", "text/html")
                            .with("User-Agent", agent)
                            .context(),
                    DEADLINE,
                    told::add);
            asking.add(sink);
        }
        asking.forEach(each -> each.valid(new Verified(Requests.NOW + 60_000, null, null)));
        assertThat(told.get(0)).isInstanceOf(Decision.Admit.class);
        assertThat(told.get(1)).isInstanceOf(Decision.Block.class);
        assertThat(told.get(2)).as("the same browser, another tab").isInstanceOf(Decision.Admit.class);
    }

    @Test
    void aProofThatNobodyKnowsWhoseItIsIsAFailedQuestion() {
        claims = new Claims() {
            @Override
            public void claim(StateKey key, StateKey holder, long millis, ClaimSink told) {
                told.failed("redis: away");
            }

            @Override
            public String trouble() {
                return "away";
            }
        };
        admission(BINDING).ask(back("/"), DEADLINE, told::add);
        sink.valid(new Verified(Requests.NOW + 60_000, null, null));
        assertThat(told).singleElement().satisfies(made -> {
            assertThat(made).isInstanceOf(Decision.Allow.class);
            assertThat(made.cause().failure()).isEqualTo(FailureReason.DECISION_CONNECT);
        });
    }

    @Test
    void aFailureIsADecisionOfTheTable() {
        ask(back("/"));
        sink.failed(FailureReason.DECISION_TIMEOUT, "late");
        assertThat(told).singleElement().satisfies(made -> {
            assertThat(made).isInstanceOf(Decision.Allow.class);
            assertThat(made.cause().failure()).isEqualTo(FailureReason.DECISION_TIMEOUT);
        });
    }

    private static Requests page(String target) {
        return Requests.get(target).with("Accept", "text/html");
    }

    private void prove(String method) {
        sink.valid(new Verified(Requests.NOW + 60_000, method, null));
    }

    /** A pass that was earned by {@code method}, as its bearer shows it. */
    private String pass(String method) {
        told.clear();
        ask(back("/"));
        prove(method);
        Decision.Admit admit = (Decision.Admit) told.get(0);
        told.clear();
        return admit.cookie().split(";")[0];
    }

    @ParameterizedTest
    @CsvSource({
        "button, 1, true",
        "button, 2, false",
        "esper, 2, true",
        "something, 2, true",
        "something, 3, false",
        "turnstile, 1, true",
        "turnstile, 3, true"
    })
    void aHigherLevelSatisfiesALowerOneAndNotTheOtherWayRound(String method, int level, boolean admitted) {
        String pass = pass(method);
        answer = new Decision.Allow(Cause.of("cloud"));
        ask(page("/account").with("Cookie", pass).requiring(level).context());
        assertThat(told).singleElement().isInstanceOf(admitted ? Decision.Allow.class : Decision.Challenge.class);
        assertThat(asked).hasSize(admitted ? 0 : 1);
    }

    @Test
    void whoHasNoPassThatARouteRequiresIsSentForOneUnlessHeIsBlockedAnyhow() {
        answer = new Decision.Allow(Cause.of("cloud"));
        ask(page("/account").requiring(2).context());
        answer = new Decision.Block(Cause.of("cloud"));
        ask(page("/account").requiring(2).context());
        assertThat(told.get(0)).isInstanceOfSatisfying(Decision.Challenge.class, challenge -> {
            assertThat(challenge.redirectUrl()).isEqualTo("https://c.test/2");
            assertThat(challenge.cause().source()).isEqualTo("route");
        });
        assertThat(told.get(1)).isInstanceOf(Decision.Block.class);
    }

    @Test
    void aProofThatNobodyCanVerifyIsNoPass() {
        ask(page("/account?esper_challenge_proof=p").requiring(1).context());
        sink.failed(FailureReason.DECISION_TIMEOUT, "late");
        assertThat(told).singleElement().isInstanceOf(Decision.Challenge.class);
    }

    @Test
    void aPassIsUpgradedInPlace() {
        String low = pass("button");
        ask(page("/?esper_challenge_proof=q").with("Cookie", low).requiring(3).context());
        prove("turnstile");
        String high = ((Decision.Admit) told.get(0)).cookie();
        assertThat(high).startsWith(low.substring(0, low.indexOf('=') + 1));
        told.clear();
        ask(page("/").with("Cookie", high.split(";")[0]).requiring(3).context());
        assertThat(told).singleElement().isInstanceOf(Decision.Allow.class);
    }

    @Test
    void aPassNeverGetsWorse() {
        String pass = pass("esper");
        ProofVerifier.Sink before = sink;
        ask(page("/?esper_challenge_proof=q").with("Cookie", pass).requiring(1).context());
        assertThat(sink).as("what it has is enough, so nobody is asked").isSameAs(before);
        ask(page("/?esper_challenge_proof=r").with("Cookie", pass).requiring(3).context());
        prove("button");
        assertThat(told)
                .hasSize(2)
                .allSatisfy(made -> assertThat(made)
                        .isInstanceOfSatisfying(
                                Decision.Admit.class,
                                admit -> assertThat(admit.cookie()).isNull()));
    }

    @Test
    void aProofThatWasBroughtToAnotherSiteIsWorthNothing() {
        ask(back("/"));
        sink.valid(new Verified(Requests.NOW + 60_000, "button", "evil.test"));
        assertThat(told).singleElement().isInstanceOf(Decision.Block.class);
        assertThat(passes.counts().proofs(ProofResult.ELSEWHERE)).isEqualTo(1);
        ask(back("/"));
        sink.valid(new Verified(Requests.NOW + 60_000, "button", "shop.test"));
        assertThat(told.get(1)).isInstanceOf(Decision.Admit.class);
    }

    @Test
    void thePolicyThatOrderedTheChallengeHearsOnceThatItWasPassed() {
        assertThat(admission.loops(Requests.get("/a").context(), CHALLENGE)).isFalse();
        ask(back("/b"));
        prove("button");
        assertThat(solved).isEmpty();
        for (int i = 0; i < 2; i++) {
            ask(back("/a"));
            prove("button");
        }
        assertThat(solved).containsExactly("signup");
    }

    @Test
    void twoReturnsInTwoMinutesAreALoopForThatPageOnly() {
        for (int i = 0; i < 2; i++) {
            assertThat(admission.loops(Requests.get("/a").context(), CHALLENGE)).isFalse();
            ask(back("/a"));
        }
        assertThat(admission.loops(Requests.get("/a").context(), CHALLENGE)).isTrue();
        assertThat(admission.loops(Requests.get("/b").context(), CHALLENGE)).isFalse();
        assertThat(admission.loops(Requests.get("/a").from("203.0.113.1").context(), CHALLENGE))
                .isFalse();
        nanos.addAndGet(LoopGuard.MEMORY.toNanos());
        assertThat(admission.loops(Requests.get("/a").context(), CHALLENGE)).isFalse();
        assertThat(passes.counts().loops()).isEqualTo(1);
    }

    @Test
    void keysThatCannotBeKeptAreOfThisProcessAndKeysThatCannotBeReadAreAnError(@TempDir Path directory)
            throws IOException {
        Path inTheWay = Files.writeString(directory.resolve("file"), "");
        assertThat(Passes.open(terms(BINDING, inTheWay.resolve("pass.keys")), null))
                .isNotNull();
        Path broken = Files.writeString(directory.resolve("broken"), "nonsense");
        assertThatThrownBy(() -> Passes.open(terms(BINDING, broken), null)).isInstanceOf(IOException.class);
    }
}
