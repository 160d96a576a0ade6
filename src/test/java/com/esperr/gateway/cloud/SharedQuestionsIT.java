package com.esperr.gateway.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.cloud.Asker.Outcome;
import com.esperr.gateway.cloud.Asker.Question;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
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

class SharedQuestionsIT {
    private static final int LOOPS = 4;

    private final Logged logged = Logged.below("com.esperr.gateway.cloud");
    private final TestEsper esper = TestEsper.start();
    private Asker asker = new Asker(esper, "", LOOPS);

    @AfterEach
    void stop() {
        asker.close();
        esper.close();
        assertThat(esper.violations()).isEmpty();
        logged.close();
    }

    private static RequestContext request(String target) {
        return Requests.get(target).context();
    }

    private void replaceAsker(String hocon, int loops) {
        asker.close();
        asker = new Asker(esper, hocon, loops);
    }

    private List<Question> ask(int count, String target) {
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            questions.add(asker.begin(request(target), Asker.PATIENCE));
        }
        return questions;
    }

    @Test
    void tenThousandIdenticalRequestsAcrossEventLoopsMakeOneCall() {
        esper.inject(Fault.SLOW);
        List<Question> questions = ask(10_000, "/basket?step=2");
        await().until(() -> asker.source.shared() == 9_999);
        esper.release();
        for (Question question : questions) {
            assertThat(Asker.await(question.outcome).decision().action()).isEqualTo(Action.ALLOW);
        }
        assertThat(esper.decisionCalls()).hasSize(1);
        assertThat(asker.source.callsInFlight()).isZero();
    }

    @Test
    void differentReturnUrlsShareNoChallenge() {
        esper.answer(json -> EsperReply.challenge("https://shop.test/c?back="
                + json.at("/request/query_params/step").asText()));
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            questions.add(asker.begin(request("/basket?step=" + i % 4), Asker.PATIENCE));
        }
        for (int i = 0; i < 40; i++) {
            Decision decision = Asker.await(questions.get(i).outcome).decision();
            assertThat(((Decision.Challenge) decision).redirectUrl()).isEqualTo("https://shop.test/c?back=" + i % 4);
        }
    }

    @Test
    void theOneWhoAskedMayLeaveAndTheOthersAreStillAnswered() {
        esper.inject(Fault.SLOW);
        Question first = asker.begin(request("/"), Asker.PATIENCE);
        await().until(() -> first.cancellation != null);
        List<Question> others = ask(8, "/");
        await().until(() -> asker.source.shared() == 8);
        asker.cancel(first);
        esper.release();
        others.forEach(
                other -> assertThat(Asker.await(other.outcome).decision()).isNotNull());
        assertThat(first.outcome).isNotDone();
        assertThat(esper.decisionCalls()).hasSize(1);
    }

    @Test
    void theLastOneToLeaveWithdrawsTheQuestion() {
        esper.inject(Fault.SILENT);
        List<Question> all = ask(8, "/");
        await().until(() -> asker.source.shared() == 7);
        await().until(() -> all.stream().allMatch(question -> question.cancellation != null));
        all.forEach(asker::cancel);
        await().until(() -> asker.source.callsInFlight() == 0);
        esper.heal();
        assertThat(asker.ask().decision()).isNotNull();
    }

    @Test
    void whoHasLessTimeThanTheQuestionDoesNotWaitForIt() {
        esper.inject(Fault.SILENT);
        Question patient = asker.begin(request("/"), Asker.PATIENCE);
        await().until(() -> patient.cancellation != null);
        Question hasty = asker.begin(request("/"), Duration.ofMillis(50));
        Outcome outcome = Asker.await(hasty.outcome);
        assertThat(outcome.failure()).isEqualTo(FailureReason.DECISION_TIMEOUT);
        assertThat(asker.source.shared()).isEqualTo(1);
        assertThat(patient.outcome).isNotDone();
    }

    @Test
    void whoHasMoreTimeThanTheQuestionIsAskedForOnceMoreWithAllOthers() {
        esper.inject(Fault.SILENT, 0, 1);
        Question hasty = asker.begin(request("/"), Duration.ofSeconds(2));
        await().until(() -> esper.decisionCalls().size() == 1);
        List<Question> patient = ask(20, "/");
        await().until(() -> asker.source.shared() == 20);
        assertThat(Asker.await(hasty.outcome).failure()).isEqualTo(FailureReason.DECISION_TIMEOUT);
        patient.forEach(
                question -> assertThat(Asker.await(question.outcome).decision()).isNotNull());
        assertThat(esper.decisionCalls()).hasSize(2);
    }

    @Test
    void aQuestionThatIsAskedAgainLastsForEachAsLongAsHeHasTime() {
        esper.inject(Fault.SILENT);
        Question first = asker.begin(request("/"), Duration.ofMillis(1500));
        await().until(() -> esper.decisionCalls().size() == 1);
        Question second = asker.begin(request("/"), Duration.ofMillis(2500));
        List<Question> patient = ask(8, "/");
        await().until(() -> asker.source.shared() == 9);
        assertThat(Asker.await(first.outcome).failure()).isEqualTo(FailureReason.DECISION_TIMEOUT);
        assertThat(second.outcome).isNotDone();
        assertThat(Asker.await(second.outcome).failure()).isEqualTo(FailureReason.DECISION_TIMEOUT);
        assertThat(patient).noneMatch(question -> question.outcome.isDone());
        patient.forEach(asker::cancel);
        await().until(() -> asker.source.callsInFlight() == 0);
        assertThat(esper.decisionCalls()).hasSize(2);
    }

    @Test
    void aFailureIsEverybodysAndTheNextQuestionIsAskedAgain() {
        esper.inject(Fault.SILENT);
        List<Question> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(asker.begin(request("/"), Duration.ofSeconds(2)));
        }
        all.forEach(question ->
                assertThat(Asker.await(question.outcome).failure()).isEqualTo(FailureReason.DECISION_TIMEOUT));
        assertThat(esper.decisionCalls()).hasSize(1);
        esper.heal();
        assertThat(asker.ask().decision()).isNotNull();
    }

    @Test
    void aKeptAnswerIsUsedLikeANewOneThenWhileAskingThenOnError() {
        replaceAsker(
                "cache { enabled = true, max-age = 10s, stale-while-revalidate = 100s, stale-if-error = 300s }", 1);
        esper.answer(EsperReply.block("one"));
        assertThat(reason()).isEqualTo("one");
        esper.answer(EsperReply.block("two"));
        asker.clock.advance(Duration.ofSeconds(9));
        assertThat(reason()).isEqualTo("one");
        assertThat(esper.decisionCalls()).hasSize(1);
        asker.clock.advance(Duration.ofSeconds(2));
        assertThat(reason()).isEqualTo("one");
        await().until(() -> "two".equals(reason()));
        asker.clock.advance(Duration.ofSeconds(150));
        esper.inject(Fault.STATUS_500);
        assertThat(reason()).isEqualTo("two");
        asker.clock.advance(Duration.ofSeconds(200));
        assertThat(asker.ask().failure()).isEqualTo(FailureReason.DECISION_SERVER_ERROR);
    }

    @Test
    void aChallengeIsNeverKept() {
        replaceAsker("cache { enabled = true, max-age = 10s }", 1);
        esper.answer(EsperReply.challenge("https://shop.test/c"));
        assertThat(asker.ask().decision().action()).isEqualTo(Action.CHALLENGE);
        assertThat(asker.ask().decision().action()).isEqualTo(Action.CHALLENGE);
        assertThat(esper.decisionCalls()).hasSize(2);
        assertThat(asker.source.cacheSize()).isZero();
    }

    private String reason() {
        return asker.ask().decision().cause().reason();
    }
}
