package com.esperr.gateway.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionChain;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.decision.FailureTable;
import com.esperr.gateway.decision.ProofVerifier;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.state.ClaimSink;
import com.esperr.gateway.state.Claims;
import com.esperr.gateway.state.MemoryClaims;
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

class AdmissionTest implements ProofVerifier, DecisionSource {
    private static final Deadline DEADLINE = new Deadline(Duration.ofMillis(250).toNanos());
    private static final Binding BINDING = new Binding(Set.of(), 24, 64);

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
        return new Admission(
                new DecisionChain(
                        List.of(this),
                        Configurations.read(
                                        ConfigSource.load(null, Map.of(), Map.of()),
                                        root -> FailureTable.read(root.section("failure"), null))
                                .value()),
                known,
                false);
    }

    private Passes.Terms terms(Binding binding, @Nullable Path keyFile) {
        return new Passes.Terms(
                new PassConfig(Duration.ZERO, binding, List.of(), keyFile),
                "shop",
                Duration.ofHours(1),
                Duration.ofSeconds(2),
                this,
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
        to.decided(new Decision.Block(Cause.of("cloud")));
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
        sink.valid(Requests.NOW + Duration.ofDays(2).toMillis());
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
        asking.forEach(each -> each.valid(Requests.NOW + 60_000));
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
        sink.valid(Requests.NOW + 60_000);
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

    @Test
    void twoReturnsInTwoMinutesAreALoopForThatPageOnly() {
        for (int i = 0; i < 2; i++) {
            assertThat(admission.loops(Requests.get("/a").context())).isFalse();
            ask(back("/a"));
        }
        assertThat(admission.loops(Requests.get("/a").context())).isTrue();
        assertThat(admission.loops(Requests.get("/b").context())).isFalse();
        assertThat(admission.loops(Requests.get("/a").from("203.0.113.1").context()))
                .isFalse();
        nanos.addAndGet(LoopGuard.MEMORY.toNanos());
        assertThat(admission.loops(Requests.get("/a").context())).isFalse();
        assertThat(passes.counts().loops()).isEqualTo(1);
    }

    @Test
    void keysThatCannotBeKeptAreOfThisProcessAndKeysThatCannotBeReadAreAnError(@TempDir Path directory)
            throws IOException {
        Path inTheWay = Files.writeString(directory.resolve("file"), "");
        assertThat(Passes.open(terms(BINDING, inTheWay.resolve("pass.keys")))).isNotNull();
        Path broken = Files.writeString(directory.resolve("broken"), "nonsense");
        assertThatThrownBy(() -> Passes.open(terms(BINDING, broken))).isInstanceOf(IOException.class);
    }
}
