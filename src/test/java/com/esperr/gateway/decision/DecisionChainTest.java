package com.esperr.gateway.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.request.Tier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionChainTest {
    private static final Deadline DEADLINE = new Deadline(250_000_000);
    private static final Decision BLOCK = new Decision.Block(Cause.of("test"));

    private final RequestContext request = Requests.get("/").context();
    private final List<Decision> told = new ArrayList<>();

    @Test
    void theFirstOpinionCounts() {
        ScriptedSource second = ScriptedSource.deciding(BLOCK);
        assertThat(ask(request, ScriptedSource.abstaining(), second, ScriptedSource.deciding(null)))
                .isNull();
        assertThat(told).containsExactly(BLOCK);
        assertThat(second.deadline).isEqualTo(DEADLINE);
    }

    @Test
    void withoutAnyOpinionTheRequestIsAllowed() {
        assertThat(ask(request, ScriptedSource.abstaining(), ScriptedSource.abstaining()))
                .isNull();
        assertThat(told)
                .singleElement()
                .isInstanceOfSatisfying(
                        Decision.Allow.class, allow -> assertThat(allow.cause()).isEqualTo(Cause.DEFAULT));
    }

    @Test
    void anExemptRequestIsNotAskedAbout() {
        ScriptedSource source = ScriptedSource.deciding(BLOCK);
        ask(Requests.get("/").tier(Tier.EXEMPT).context(), source);
        assertThat(source.sink).isNull();
        assertThat(told)
                .singleElement()
                .satisfies(decision -> assertThat(decision.cause()).isEqualTo(Cause.EXEMPT));
    }

    @Test
    void aFailureGoesThroughTheTableAndNotToTheNextSource() {
        ScriptedSource next = ScriptedSource.deciding(BLOCK);
        ask(request, ScriptedSource.failing(FailureReason.DECISION_TIMEOUT), next);
        assertThat(next.sink).isNull();
        assertThat(told).singleElement().satisfies(decision -> {
            assertThat(decision.action()).isEqualTo(Action.ALLOW);
            assertThat(decision.cause().failure()).isEqualTo(FailureReason.DECISION_TIMEOUT);
            assertThat(decision.cause().reason()).isEqualTo("scripted");
        });
    }

    @Test
    void aSourceThatThrowsHasFailed() {
        ask(Requests.get("/").tier(Tier.SENSITIVE).context(), ScriptedSource.throwing());
        assertThat(told).singleElement().satisfies(decision -> {
            assertThat(decision.action()).isEqualTo(Action.BLOCK);
            assertThat(decision.cause().failure()).isEqualTo(FailureReason.DECISION_SERVER_ERROR);
        });
    }

    @Test
    void aGoodBotIsSparedTheChallengeButNotTheBlock() {
        BotFacts good = new BotFacts("good", BotFacts.Status.VERIFIED, BotFacts.Method.RANGE, true);
        BotFacts bad = new BotFacts("good", BotFacts.Status.IMPOSTOR, null, false);
        Decision challenge = new Decision.Challenge("/c", policy());
        ask(Requests.get("/").bot(good).context(), ScriptedSource.deciding(challenge));
        ask(Requests.get("/").bot(good).context(), ScriptedSource.deciding(BLOCK));
        ask(Requests.get("/").bot(bad).context(), ScriptedSource.deciding(challenge));
        assertThat(told).hasSize(3);
        assertThat(told.get(0).action()).isEqualTo(Action.ALLOW);
        assertThat(told.get(0).cause().source()).isEqualTo("bot");
        assertThat(told.get(0).cause().policy()).isEqualTo(policy().policy());
        assertThat(told.get(1)).isSameAs(BLOCK);
        assertThat(told.get(2)).isSameAs(challenge);
    }

    @Test
    void whoHasPassedIsSparedTheCallAndTheChallengeButNotTheBlock() {
        ScriptedSource calling = ScriptedSource.deciding(BLOCK).calling();
        askPassed(ScriptedSource.abstaining(), calling);
        assertThat(calling.sink).isNull();
        askPassed(ScriptedSource.deciding(new Decision.Challenge("/c", policy())), calling);
        askPassed(ScriptedSource.deciding(BLOCK), calling);
        askPassed(ScriptedSource.deciding(new Decision.Allow(policy())), calling);
        askPassed(ScriptedSource.abstaining());
        assertThat(told)
                .extracting(Decision::action)
                .containsExactly(Action.ALLOW, Action.ALLOW, Action.BLOCK, Action.ALLOW, Action.ALLOW);
        assertThat(told)
                .extracting(decision -> decision.cause().source())
                .containsExactly("pass", "pass", "test", "local", "default");
        assertThat(told.get(1).cause().policy()).isEqualTo("p1");
    }

    private static Cause policy() {
        return new Cause("local", "p1", "c1", null, null, null, null);
    }

    private void askPassed(DecisionSource... sources) {
        assertThat(new DecisionChain(List.of(sources), Tables.reference()).askPassed(request, DEADLINE, told::add))
                .isNull();
    }

    @Test
    void anAnswerMayComeLater() {
        ScriptedSource slow = ScriptedSource.silent();
        ScriptedSource last = ScriptedSource.silent();
        DecisionChain.Question question = ask(request, slow, ScriptedSource.abstaining(), last);
        assertThat(question).isNotNull();
        assertThat(told).isEmpty();
        slow.sink.abstained();
        assertThat(told).isEmpty();
        last.sink.decided(BLOCK);
        assertThat(told).containsExactly(BLOCK);
    }

    @Test
    void whatASourceSaysAfterItsTurnIsIgnored() {
        ScriptedSource first = ScriptedSource.silent();
        ScriptedSource second = ScriptedSource.silent();
        ask(request, first, second);
        first.sink.abstained();
        first.sink.decided(new Decision.Allow(Cause.of("late")));
        first.sink.failed(FailureReason.DECISION_TIMEOUT, "late");
        assertThat(told).isEmpty();
        second.sink.decided(BLOCK);
        second.sink.abstained();
        second.sink.decided(BLOCK);
        assertThat(told).containsExactly(BLOCK);
    }

    @Test
    void aWithdrawnQuestionIsWithdrawnFromItsSourceAndNeverAnswered() {
        ScriptedSource slow = ScriptedSource.silent();
        DecisionChain.Question question = ask(request, slow);
        question.cancel();
        question.cancel();
        assertThat(slow.cancelled).isEqualTo(1);
        slow.sink.decided(BLOCK);
        assertThat(told).isEmpty();
    }

    @Test
    void manySourcesThatAbstainAtOnceDoNotDeepenTheStack() {
        List<DecisionSource> many = Collections.nCopies(100_000, ScriptedSource.abstaining());
        new DecisionChain(many, Tables.reference()).ask(request, DEADLINE, told::add);
        assertThat(told).hasSize(1);
    }

    @Test
    void whatTheReceiverThrowsIsNotTheSourcesFault() {
        DecisionChain chain = new DecisionChain(List.of(ScriptedSource.deciding(BLOCK)), Tables.reference());
        List<Decision> seen = new ArrayList<>();
        assertThatThrownBy(() -> chain.ask(request, DEADLINE, decision -> {
                    seen.add(decision);
                    throw new IllegalStateException("receiver");
                }))
                .hasMessage("receiver");
        assertThat(seen).containsExactly(BLOCK);
    }

    private DecisionChain.Question ask(RequestContext context, DecisionSource... sources) {
        return new DecisionChain(List.of(sources), Tables.reference()).ask(context, DEADLINE, told::add);
    }
}
