package com.esperr.gateway.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.cloud.Asker.Outcome;
import com.esperr.gateway.cloud.Asker.Question;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.esper.MitigationAction;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.Logged;
import com.esperr.gateway.testkit.TestEsper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CloudSourceIT {
    private final Logged logged = Logged.below("com.esperr.gateway.cloud");
    private final TestEsper esper = TestEsper.start();
    private Asker asker = new Asker(esper, "");

    @AfterEach
    void stop() {
        asker.close();
        esper.close();
        logged.close();
    }

    @Test
    void anAnswerIsADecisionThatSaysWhereItComesFrom() {
        esper.answer(EsperReply.json("{\"action\":\"block\",\"decision_id\":\"d-1\",\"reason\":\"why\"}"));
        Decision decision = asker.ask().decision();
        assertThat(decision).isInstanceOf(Decision.Block.class);
        assertThat(decision.cause().source()).isEqualTo("cloud");
        assertThat(decision.cause().decisionId()).isEqualTo("d-1");
        assertThat(decision.cause().reason()).isEqualTo("why");
        assertThat(asker.source.answers(MitigationAction.BLOCK)).isEqualTo(1);
        assertThat(esper.violations()).isEmpty();
    }

    @Test
    void aChallengeMayBeOnTheHostThatTheVisitorAskedFor() {
        esper.answer(EsperReply.challenge("https://shop.test/challenge?x=1"));
        assertThat(asker.ask().decision())
                .isInstanceOfSatisfying(
                        Decision.Challenge.class,
                        challenge -> assertThat(challenge.redirectUrl()).isEqualTo("https://shop.test/challenge?x=1"));
    }

    @Test
    void questionsShareConnectionsAndLeaveNothingBehind() {
        replaceAsker("coalesce = false");
        for (int batch = 0; batch < 250; batch++) {
            List<Question> questions = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                questions.add(asker.begin(Asker.PATIENCE));
            }
            questions.forEach(question ->
                    assertThat(Asker.await(question.outcome).decision()).isNotNull());
            esper.forget();
        }
        assertThat(asker.source.answers(MitigationAction.ALLOW)).isEqualTo(10_000);
        assertThat(asker.source.callsInFlight()).isZero();
        assertThat(asker.source.connectionsIdle())
                .isEqualTo(asker.source.connectionsOpen())
                .isEqualTo(esper.connectionsAccepted())
                .isLessThanOrEqualTo(40);
        assertThat(esper.violations()).isEmpty();
    }

    @Test
    void afterFiveFailuresNoQuestionIsAskedUntilAProbeIsAnswered() {
        esper.inject(Fault.STATUS_500);
        for (int i = 0; i < 5; i++) {
            assertThat(asker.ask().failure()).isEqualTo(FailureReason.DECISION_SERVER_ERROR);
        }
        assertThat(asker.source.breakerState()).isEqualTo(BreakerState.OPEN);
        assertThat(asker.source.trouble()).isEqualTo("Esper does not answer: breaker open");
        Question refused = asker.begin(Asker.PATIENCE);
        Outcome outcome = Asker.await(refused.outcome);
        assertThat(outcome.failure()).isEqualTo(FailureReason.DECISION_OVERLOAD);
        assertThat(outcome.detail()).isEqualTo("breaker open");
        assertThat(esper.decisionCalls()).hasSize(5);
        esper.heal();
        asker.clock.advance(Duration.ofSeconds(5));
        assertThat(asker.ask().decision().action()).isEqualTo(Action.ALLOW);
        assertThat(asker.source.breakerState()).isEqualTo(BreakerState.CLOSED);
        assertThat(asker.source.trouble()).isNull();
    }

    @Test
    void aWithdrawnProbeDoesNotKeepTheBreakerHalfOpenForEver() {
        esper.inject(Fault.STATUS_500);
        for (int i = 0; i < 5; i++) {
            asker.ask();
        }
        asker.clock.advance(Duration.ofSeconds(5));
        esper.inject(Fault.SILENT);
        Question probe = asker.begin(Asker.PATIENCE);
        await().until(() -> esper.decisionCalls().size() == 6);
        Question another = asker.begin(Requests.get("/another").context(), Asker.PATIENCE);
        assertThat(Asker.await(another.outcome).failure()).isEqualTo(FailureReason.DECISION_OVERLOAD);
        asker.onLoop(() -> probe.cancellation.cancel());
        esper.heal();
        assertThat(asker.ask().decision().action()).isEqualTo(Action.ALLOW);
        assertThat(asker.source.breakerState()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void refusedKeysAndLimitsDoNotOpenTheBreaker() {
        esper.inject(Fault.STATUS_429);
        for (int i = 0; i < 10; i++) {
            assertThat(asker.ask().failure()).isEqualTo(FailureReason.DECISION_RATE_LIMITED);
        }
        assertThat(esper.decisionCalls()).hasSize(1);
        asker.clock.advance(Duration.ofSeconds(1));
        esper.inject(Fault.STATUS_401);
        for (int i = 0; i < 10; i++) {
            assertThat(asker.ask().failure()).isEqualTo(FailureReason.DECISION_UNAUTHORIZED);
        }
        assertThat(asker.source.breakerState()).isEqualTo(BreakerState.CLOSED);
        assertThat(asker.source.trouble()).isEqualTo("Esper refuses the API key");
        esper.heal();
        assertThat(asker.ask().decision()).isNotNull();
        assertThat(asker.source.trouble()).isNull();
    }

    @Test
    void aPauseThatTheServiceDemandsIsKept() {
        esper.inject(Fault.STATUS_429_RETRY_AFTER, 0, 1);
        assertThat(asker.ask().failure()).isEqualTo(FailureReason.DECISION_RATE_LIMITED);
        assertThat(asker.ask().failure()).isEqualTo(FailureReason.DECISION_RATE_LIMITED);
        assertThat(esper.decisionCalls()).hasSize(1);
        asker.clock.advance(Duration.ofSeconds(2));
        assertThat(asker.ask().decision()).isNotNull();
    }

    @Test
    void aPauseHasABound() {
        replaceAsker("max-retry-after = 1s");
        esper.answer(EsperReply.status(429, "Retry-After: 999999"));
        asker.ask();
        esper.answer(EsperReply.allow());
        asker.clock.advance(Duration.ofSeconds(1));
        assertThat(asker.ask().decision()).isNotNull();
    }

    @Test
    void aWrongKeyIsUnauthorized() {
        replaceAsker("api-key = another");
        assertThat(asker.ask().failure()).isEqualTo(FailureReason.DECISION_UNAUTHORIZED);
    }

    @Test
    void aWithdrawnQuestionIsSilentAndLeavesNothingUnderWay() {
        esper.inject(Fault.SILENT);
        Question question = asker.begin(Asker.PATIENCE);
        await().until(() -> !esper.decisionCalls().isEmpty());
        asker.onLoop(() -> question.cancellation.cancel());
        asker.onLoop(() -> question.cancellation.cancel());
        assertThat(asker.source.callsInFlight()).isZero();
        await().until(() -> asker.source.connectionsOpen() == 0);
        assertThat(question.outcome).isNotDone();
    }

    @Test
    void aThousandVisitorsWhoComeAtOnceAreAllAskedAbout() {
        List<Question> questions = asker.beginAtOnce(1_000, Asker.PATIENCE);
        questions.forEach(
                question -> assertThat(Asker.await(question.outcome).decision()).isNotNull());
        assertThat(esper.decisionCalls()).hasSize(1_000);
        assertThat(esper.connectionsAccepted()).isLessThanOrEqualTo(256);
    }

    @Test
    void moreQuestionsThanMayWaitAreOverload() {
        replaceAsker("coalesce = false, max-connections = 1, max-waiting = 1");
        esper.inject(Fault.SILENT);
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            questions.add(asker.begin(Asker.PATIENCE));
        }
        assertThat(Asker.await(questions.get(2).outcome).failure()).isEqualTo(FailureReason.DECISION_OVERLOAD);
        asker.source.close();
        questions.forEach(
                question -> assertThat(Asker.await(question.outcome).failure()).isNotNull());
    }

    @Test
    void aSecondTryCanBeSwitchedOff() {
        replaceAsker("retry = false");
        esper.inject(Fault.STATUS_503, 0, 1);
        assertThat(asker.ask().failure()).isEqualTo(FailureReason.DECISION_SERVER_ERROR);
    }

    @Test
    void theOlderProfileIsNotRepeatedWhereItMightCountTwice() {
        replaceAsker("profile = legacy-flat, tenant-id = t-1");
        esper.inject(Fault.CLOSE_BEFORE_REPLY, 0, 1);
        assertThat(asker.ask().failure()).isEqualTo(FailureReason.DECISION_CONNECT);
        assertThat(esper.decisionCalls()).hasSize(1);
    }

    @Test
    void noRequestOfAVisitorMakesABadQuestion() {
        Question question = asker.begin(
                Requests.get("/%C3%A4/a%3Fb?x=%FF&x=%00&%ED%A0%80=\"")
                        .with("User-Agent", "\u00ff\u0080 \"\\")
                        .with("Accept", "a".repeat(20_000))
                        .with("Cookie", "esper_challenge=s3cret")
                        .context(),
                Asker.PATIENCE);
        assertThat(Asker.await(question.outcome).detail()).isEmpty();
        assertThat(esper.violations()).isEmpty();
    }

    private void replaceAsker(String hocon) {
        asker.close();
        asker = new Asker(esper, hocon);
    }
}
